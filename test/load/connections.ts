// Ten thousand TLS connections to one edge: used in turn, and then all of them at once.
import { counted } from "./amounts.ts";
import { allOf, memory, problemsOf } from "./connections-figures.ts";
import { type CrowdedMesh, crowd, perSecond, withCrowdedMesh } from "./connections-mesh.ts";
import type { Outcome, Scenario, ScenarioSettings } from "./scenario.ts";

const inFlight = 1_000;
/** How long the agent takes for a call, in milliseconds. */
const takesMs = 2_000;
/** Each connection is used so many times, and more where the load is to last longer. */
const rounds = 2;
/** While the first calls come and the last go, fewer are in flight. */
const shareBusy = 0.8;

export const connections: Scenario = {
  shows: "10,000 TLS connections: 1,000 calls in flight on them in turn, then one on each at once",
  run: (settings) => withCrowdedMesh((mesh) => run(mesh, settings)),
};

async function run(mesh: CrowdedMesh, { seconds = 0 }: ScenarioSettings): Promise<Outcome> {
  const clients = await mesh.clients("http1");
  const calls = Math.max(rounds * crowd, Math.ceil((seconds * 1_000) / takesMs) * inFlight);
  const opening = await mesh.watched(() => clients.order({ do: "open", count: crowd, perSecond }));
  const inTurn = await mesh.watched(() =>
    clients.order({ do: "use", calls, inFlight, ask: `wait ${takesMs}` }),
  );
  const atOnce = await mesh.watched(() =>
    clients.order({ do: "all", each: 1, ask: `gather all ${crowd}` }),
  );
  const left = await clients.order({ do: "count" });
  const [few, many] = [`${counted(inFlight)} in flight`, `${counted(crowd)} in flight`];
  const busy = inTurn.inFlight.filter((count) => count >= 0.9 * inFlight).length;
  const share = busy / inTurn.inFlight.length;
  return {
    done: `${counted(crowd)} TLS connections by HTTP/1.1; ${counted(calls)} calls of ${takesMs} ms on them in turn, ${few}, for ${counted(inTurn.usage.seconds)} s; then one call on each, of which none was answered before all had come.`,
    figures: [
      allOf("connections opened", opening.result.right, crowd),
      allOf("still open at the end", left.right, crowd),
      allOf(`calls answered, ${few}`, inTurn.result.right, calls),
      {
        what: "of all seconds, those with 900 calls or more at the edge",
        is: `${Math.round(share * 100)} %`,
        asked: `at least ${shareBusy * 100} %`,
        met: share >= shareBusy,
      },
      allOf(`calls answered, ${many}`, atOnce.result.right, crowd),
      { what: "calls at the edge at once, at most", is: counted(Math.max(...atOnce.inFlight)) },
      memory("none in flight", opening.usage, "edge", 512),
      memory(few, inTurn.usage, "edge", 512),
      memory(few, inTurn.usage, "control plane", 256),
      memory(few, inTurn.usage, "sidecar of gathering", 512),
      memory(few, inTurn.usage, "agent gathering", 512),
      memory(many, atOnce.usage, "edge"),
      memory(many, atOnce.usage, "control plane", 256),
      memory(many, atOnce.usage, "sidecar of gathering"),
      memory(many, atOnce.usage, "agent gathering"),
    ],
    failures: [
      ...problemsOf("opening", opening.result),
      ...problemsOf(few, inTurn.result),
      ...problemsOf(many, atOnce.result),
    ],
  };
}
