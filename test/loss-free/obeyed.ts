// Saves a change and calls whom it concerns, as fast as they answer, until calls are as it says.
import { Agent } from "node:https";
import { eventually } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import { asking, callRest } from "../harness/rest.ts";
import { askWhere } from "./swapped-agent.ts";
import { warmingIn } from "./watched-envoy.ts";
import type { Parts, World } from "./world.ts";

/** Which places may answer for an agent, by the agent. */
export type Answers = Readonly<Record<string, readonly string[]>>;

/** How long it took until calls obeyed a change, in milliseconds. */
export interface Obeyed {
  /** From the save. */
  readonly savedMs: number;
  /** From when every gateway was known to have it, until no cluster waits to be used either. */
  readonly servedMs: number;
}

/** So many call one agent at the same time, each anew as soon as it is answered. */
const callersOfEach = 4;
const longestMs = 20_000;

/**
 * Saves, and resolves once every gateway has the change and a call of each agent was
 * answered by one of its places. Throws where one of the calls meanwhile failed: a cluster
 * that is gone before its routes, or not there when they are, is gone for milliseconds only.
 */
export async function saveAndSee(world: World, parts: Parts, answers: Answers): Promise<Obeyed> {
  const { mesh } = world;
  const token = await mesh.token();
  const kept = new Agent({ keepAlive: true, ca: mesh.ca });
  const failures: string[] = [];
  const seen = new Map<string, number>();
  let over = false;
  const call = async (agent: string, places: readonly string[]): Promise<void> => {
    const begun = performance.now();
    const order = {
      path: `/v1/agents/${agent}:invoke`,
      token,
      body: asking(askWhere),
      agent: kept,
    };
    const { status, text, json } = await callRest(mesh, order);
    if (status !== 200) failures.push(`${new Date().toISOString()} ${agent}: ${status} ${text}`);
    else if (
      begun > begin &&
      !seen.has(agent) &&
      places.includes(textAt(json, "message", "content"))
    )
      seen.set(agent, performance.now());
  };
  const keepCalling = async (agent: string, places: readonly string[]): Promise<void> => {
    while (!over) await call(agent, places).catch((error: unknown) => failures.push(String(error)));
  };
  const begin = performance.now();
  const callers = Object.entries(answers).flatMap(([agent, places]) =>
    Array.from({ length: callersOfEach }, () => keepCalling(agent, places)),
  );
  const untilObeyed = async (): Promise<Obeyed> => {
    await world.save(parts);
    const served = performance.now();
    await eventually(
      async () => {
        const blind = Object.keys(answers).filter((agent) => !seen.has(agent));
        if (blind.length > 0) throw new Error(`calls of ${blind.join()} are not as saved`);
        // What only its settings tell apart answers from the same place, before and after.
        if ((await warmingIn(mesh)) > 0) throw new Error("a cluster waits to be used");
      },
      { withinMs: longestMs },
    );
    const warm = performance.now();
    return { savedMs: Math.max(...seen.values()) - begin, servedMs: warm - served };
  };
  let obeyed: Obeyed;
  try {
    obeyed = await untilObeyed();
  } finally {
    over = true;
    await Promise.all(callers);
    kept.destroy();
  }
  if (failures.length === 0) return obeyed;
  throw new Error(`${failures.length} failed:\n${failures.slice(0, 10).join("\n")}`);
}
