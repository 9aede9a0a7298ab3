// Smoke: the mesh under a light load, in which nothing may fail.
import { k6Scenario } from "./k6-scenario.ts";

export const smoke = k6Scenario({
  shows: "200 calls a second at the echo agent; not one fails. CI runs it.",
  script: "smoke.ts",
  seconds: 20,
  done: (seconds) => `200 calls a second by REST for ${seconds} seconds.`,
});
