// Load: all doors at once, at a rate that a small machine holds.
import { k6Scenario } from "./k6-scenario.ts";

export const usual = k6Scenario({
  shows: "All doors at once: nothing fails, and no process of ours holds 512 MB.",
  script: "load.ts",
  seconds: 60,
  agents: ["ticker"],
  mostMegabytes: 512,
  done: (seconds) =>
    `For ${seconds} seconds, each second: 200 calls by REST, 10 streams by gRPC of 20 tokens, and 2 conversations by WebSocket of three such turns.`,
});
