// Every load scenario by its name: `make load SCENARIO=name` runs one.
import { grpcStreams } from "./grpc-streams.ts";
import { mix } from "./mix.ts";
import type { Scenario } from "./scenario.ts";
import { smoke } from "./smoke.ts";
import { soak } from "./soak.ts";
import { spike } from "./spike.ts";
import { sse } from "./sse.ts";
import { startUp } from "./start-up.ts";
import { stress } from "./stress.ts";
import { throughput } from "./throughput.ts";
import { usual } from "./usual.ts";
import { websocket } from "./websocket.ts";

export const scenarios: Readonly<Record<string, Scenario>> = {
  grpc: grpcStreams,
  load: usual,
  mix,
  smoke,
  soak,
  spike,
  sse,
  "start-up": startUp,
  stress,
  throughput,
  websocket,
};
