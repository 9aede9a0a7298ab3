// Changes of how many callers meet which version of an agent.
import { workerName } from "../agents/worker.ts";
import { textAt } from "../harness/json.ts";
import { asking, callRest } from "../harness/rest.ts";
import type { Changing } from "./kinds.ts";
import type { World } from "./world.ts";

const weights = [0, 10, 50, 100, 50, 10, 0];
const callers = Array.from({ length: 20 }, (_, index) => `caller-${index}`);
const versions = { worker: {}, "worker-next": {} };

/**
 * The weight of the next version goes from 0 to 100 and back. Each caller meets one version at
 * each weight; those who moved to the next one with a weight stay there with all that are higher.
 */
export async function moveWeights({ world, time }: Changing): Promise<void> {
  if (time === 1) {
    for (const name of Object.keys(versions)) world.attach("worker", { [workerName]: name });
    await world.save({ agents: versions });
    for (const name of Object.keys(versions)) await world.callable(name);
  }
  let before = new Set<string>();
  for (const [step, next] of weights.entries()) {
    const to = { worker: 100 - next, "worker-next": next };
    const moved = { match: { agent: "moved" }, to, sticky: "subject" };
    await world.save({ agents: versions, routes: { moved } });
    const met = await meetingNext(world);
    const grows = next >= (weights[step - 1] ?? 0);
    const [fewer, more] = grows ? [before, met] : [met, before];
    const strays = [...fewer].filter((caller) => !more.has(caller));
    if (strays.length > 0) throw new Error(`at ${next} %: ${strays} moved without need`);
    const all = next === 0 ? 0 : next === 100 ? callers.length : undefined;
    if (all !== undefined && met.size !== all) throw new Error(`at ${next} %: ${met.size} moved`);
    before = met;
  }
}

/** The callers who meet the next version; throws where one meets both. */
async function meetingNext({ corp, mesh }: World): Promise<Set<string>> {
  const met = new Set<string>();
  const call = async (subject: string): Promise<string> => {
    const token = corp("key-0").token({ sub: subject });
    const path = "/v1/agents/moved:invoke";
    const { json, text } = await callRest(mesh, { path, token, body: asking("who") });
    if (json === undefined) throw new Error(text);
    return textAt(json, "message", "content");
  };
  const meet = async (subject: string): Promise<void> => {
    const answers = new Set([await call(subject), await call(subject)]);
    if (answers.size !== 1) throw new Error(`${subject} met ${[...answers]}`);
    if (answers.has("worker-next")) met.add(subject);
  };
  await Promise.all(callers.map(meet));
  return met;
}
