// Soak: all doors for long, in which nothing may be kept.
import { flatnessFigures } from "./flatness.ts";
import { k6Scenario } from "./k6-scenario.ts";
import { sseBeside } from "./sse-beside.ts";

export const soak = k6Scenario({
  shows: "All doors for ten minutes: memory stays within 5 %, open files do not grow.",
  script: "soak.ts",
  seconds: 600,
  agents: ["ticker"],
  routes: [counted("echo"), counted("ticker")],
  told: ["http_req_duration", "first_event_by_grpc", "first_event_by_websocket"],
  beside: sseBeside(5),
  ofUsage: flatnessFigures,
  done: (seconds) =>
    `For ${seconds} seconds, each second: 60 calls by REST, 5 streams by gRPC and 5 by SSE of 20 tokens each, and a conversation by WebSocket of three such turns; the quota service counts all of them. Flat: the medians of the first and the last quarter of the time after the first third.`,
});

/** Counted by the quota service, so that it works as well: enough to become warm in the first third. */
function counted(agent: string): string {
  const limits = "[{ requests: 100000000, per: day, by: subject }]";
  return `{ name: counted-${agent}, match: { agent: ${agent} }, limits: ${limits} }`;
}
