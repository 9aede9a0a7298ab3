// Every load scenario by its name: `make load SCENARIO=name` runs one.
import { beyondTheBound } from "./beyond-the-bound.ts";
import { chaosFaults } from "./chaos-faults.ts";
import { chaosQuota, chaosRedis } from "./chaos-of-quota.ts";
import { chaosAgents, chaosControlPlane, chaosSidecars } from "./chaos-of-world.ts";
import { connections } from "./connections.ts";
import { grpcStreams } from "./grpc-streams.ts";
import { hundredAgents } from "./hundred-agents.ts";
import { idleSockets } from "./idle-sockets.ts";
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
  "beyond-the-bound": beyondTheBound,
  connections,
  "chaos-agents": chaosAgents,
  "chaos-control-plane": chaosControlPlane,
  "chaos-faults": chaosFaults,
  "chaos-quota": chaosQuota,
  "chaos-redis": chaosRedis,
  "chaos-sidecars": chaosSidecars,
  grpc: grpcStreams,
  "hundred-agents": hundredAgents,
  "idle-sockets": idleSockets,
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
