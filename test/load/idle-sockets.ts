// Ten thousand WebSockets that say nothing, of which some are then used in turn.
import { setTimeout } from "node:timers/promises";
import { counted } from "./amounts.ts";
import { allOf, memory, problemsOf } from "./connections-figures.ts";
import { type CrowdedMesh, crowd, perSecond, withCrowdedMesh } from "./connections-mesh.ts";
import { processorFigures } from "./role-figures.ts";
import type { Outcome, Scenario, ScenarioSettings } from "./scenario.ts";

/** Each socket is two open files of the edge: the client's, and that to the realtime service. */
const filesEach = 2;
/** What the edge has open besides. */
const otherFiles = 200;
/** A caller may hold 200 sockets. */
const subjects = 80;
const turns = 2_000;
const inFlight = 100;

export const idleSockets: Scenario = {
  shows: "10,000 WebSockets that are idle for a minute, some of them used in turn after it",
  run: (settings) => withCrowdedMesh((mesh) => run(mesh, settings)),
};

async function run(mesh: CrowdedMesh, { seconds = 60 }: ScenarioSettings): Promise<Outcome> {
  const count = Math.min(crowd, Math.floor((mesh.edgeFiles - otherFiles) / filesEach));
  const clients = await mesh.clients("socket", subjects);
  const opening = await mesh.watched(() => clients.order({ do: "open", count, perSecond }));
  const idle = await mesh.watched(() => setTimeout(seconds * 1_000));
  const used = await mesh.watched(() =>
    clients.order({ do: "use", calls: turns, inFlight, ask: "wait 100" }),
  );
  const left = await clients.order({ do: "count" });
  return {
    done: `${counted(count)} WebSockets of ${subjects} callers, idle for ${counted(seconds)} s; then ${counted(turns)} turns on as many of them, ${inFlight} in flight.`,
    figures: [
      allOf("WebSockets opened", opening.result.right, crowd),
      allOf("still open at the end", left.right, crowd),
      allOf("turns answered", used.result.right, turns),
      memory("idle", idle.usage, "edge", 512),
      memory("idle", idle.usage, "control plane", 256),
      memory("idle", idle.usage, "realtime service", 512),
      memory("in use", used.usage, "edge", 512),
      memory("in use", used.usage, "control plane", 256),
      memory("in use", used.usage, "realtime service", 512),
      ...processorFigures(idle.usage, ["edge", "realtime service"]).map(({ what, is }) => ({
        what: `idle, ${what}`,
        is,
      })),
    ],
    failures: [...problemsOf("opening", opening.result), ...problemsOf("in use", used.result)],
    notMeasured:
      count === crowd
        ? []
        : [
            `${counted(crowd)} WebSockets: each is two open files of the edge, which may open ${counted(mesh.edgeFiles)} here. Raise the limit where this is started: \`ulimit -n 32768\`, or LimitNOFILE of a systemd unit.`,
          ],
  };
}
