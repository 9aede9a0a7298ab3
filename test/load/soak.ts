// Soak: all doors for long, in which nothing may be kept.
import { flatnessFigures } from "./flatness.ts";
import { k6Scenario } from "./k6-scenario.ts";

export const soak = k6Scenario({
  shows: "All doors for ten minutes: memory stays within 5 %, open files do not grow.",
  script: "soak.ts",
  seconds: 600,
  agents: ["ticker"],
  // Counted by the quota service, so that it works as well.
  routes: [
    "{ name: counted, match: { agent: ticker }, limits: [{ requests: 100000000, per: day, by: subject }] }",
  ],
  ofUsage: flatnessFigures,
  done: (seconds) =>
    `For ${seconds} seconds, each second: 60 calls by REST, 5 streams by gRPC of 20 tokens, and a conversation by WebSocket of three such turns; streams and turns are counted by the quota service. Flat: the medians of the first and the last quarter of the time after the first third.`,
});
