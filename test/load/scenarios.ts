// Every load scenario by its name: `make load SCENARIO=name` runs one.
import type { Scenario } from "./scenario.ts";
import { smoke } from "./smoke.ts";

export const scenarios: Readonly<Record<string, Scenario>> = {
  smoke,
};
