// Load: all doors at once, at a rate that a small machine holds.
import { k6Scenario } from "./k6-scenario.ts";
import { sseBeside } from "./sse-beside.ts";

export const usual = k6Scenario({
  shows: "All doors at once: nothing fails, and no process of ours holds 512 MB.",
  script: "load.ts",
  seconds: 60,
  agents: ["ticker"],
  mostMegabytes: 512,
  told: ["http_req_duration", "first_event_by_grpc", "first_event_by_websocket"],
  beside: sseBeside(10),
  done: (seconds) =>
    `For ${seconds} seconds, each second: 200 calls by REST, 10 streams by gRPC and 10 by SSE of 20 tokens each, and 2 conversations by WebSocket of three such turns.`,
});
