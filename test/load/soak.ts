// Soak: all doors for long, in which nothing may be kept.
import { flatnessFigures } from "./flatness.ts";
import { k6Scenario } from "./k6-scenario.ts";

export const soak = k6Scenario({
  shows: "All doors for ten minutes: memory stays within 5 %, open files do not grow.",
  script: "soak.ts",
  seconds: 600,
  agents: ["ticker"],
  routes: [counted("echo"), counted("ticker")],
  ofUsage: flatnessFigures,
  done: (seconds) =>
    `For ${seconds} seconds, each second: 60 calls by REST, 5 streams by gRPC of 20 tokens, and a conversation by WebSocket of three such turns; the quota service counts all of them. Flat: the medians of the first and the last quarter of the time after the first third.`,
});

/** Counted by the quota service, so that it works as well: enough to become warm in the first third. */
function counted(agent: string): string {
  const limits = "[{ requests: 100000000, per: day, by: subject }]";
  return `{ name: counted-${agent}, match: { agent: ${agent} }, limits: ${limits} }`;
}
