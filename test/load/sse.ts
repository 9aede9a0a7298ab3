// SSE: streams by server-sent events, read event by event.
import type { Mesh } from "../harness/mesh.ts";
import { asking } from "../harness/rest.ts";
import { roleFigures } from "./role-figures.ts";
import type { Outcome, Scenario } from "./scenario.ts";
import { readStreams } from "./sse-client.ts";
import { sseFigures } from "./sse-figures.ts";
import { watchUsage } from "./usage.ts";
import { withMesh } from "./with-mesh.ts";

const perSecond = 20;
const tokens = 50;
const paceMs = 20;

export const sse: Scenario = {
  shows: "Streams by server-sent events, read as they come: whole, at once, at the agent's pace.",
  run: ({ seconds = 30 }) =>
    withMesh({ services: [] }, ["ticker"], (mesh) => stream(mesh, seconds)),
};

async function stream(mesh: Mesh, seconds: number): Promise<Outcome> {
  const watch = watchUsage(mesh.mark);
  const body = asking(`${tokens} every ${paceMs}`);
  const ask = () => ({ body, tokens });
  const result = await readStreams(mesh, { perSecond, seconds, ask });
  const { figures, failures } = sseFigures(result, { firstMs: 100, tokenMs: paceMs * 2 });
  return {
    done: `${perSecond} streams a second for ${seconds} seconds, each of ${tokens} tokens, one every ${paceMs} ms.`,
    figures: [...figures, ...roleFigures(watch.stop())],
    failures,
  };
}
