// Spike: twenty times the calls from one second to the next.
import { k6Scenario } from "./k6-scenario.ts";

export const spike = k6Scenario({
  shows: "Twenty times the calls from one second to the next, and back: not one fails.",
  script: "spike.ts",
  seconds: 30,
  done: (seconds) =>
    `20, then 400, then 20 calls a second by REST, for ${Math.max(4, Math.round(seconds / 3))} seconds each.`,
});
