// Calls an agent at a steady rate and remembers every call that failed.
import { Agent } from "node:https";
import { textAt } from "./json.ts";
import type { Mesh } from "./mesh.ts";
import { asking, callRest } from "./rest.ts";

/** What became of the calls. */
export interface LoadResult {
  readonly calls: number;
  /** A sentence for each call that did not answer as it should. */
  readonly failures: readonly string[];
}

/** A load that runs until it is stopped. */
export interface Load {
  stop(): Promise<LoadResult>;
}

/** Calls `echo` so many times a second, whether or not earlier calls have answered. */
export async function startLoad(mesh: Mesh, perSecond: number): Promise<Load> {
  const token = await mesh.token();
  const agent = new Agent({ keepAlive: true, maxSockets: 20, ca: mesh.ca });
  const pending = new Set<Promise<void>>();
  const failures: string[] = [];
  let calls = 0;
  const one = async (content: string): Promise<void> => {
    try {
      const call = { path: "/v1/agents/echo:invoke", token, body: asking(content), agent };
      const { status, text, json } = await callRest(mesh, call);
      const right = status === 200 && textAt(json, "message", "content") === content;
      if (!right) failures.push(`call ${content}: ${status} ${text}`);
    } catch (error) {
      failures.push(`call ${content}: ${String(error)}`);
    }
  };
  const begin = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begin) / 1000) * perSecond);
    for (; calls < due; calls += 1) {
      const call = one(`call ${calls}`).finally(() => pending.delete(call));
      pending.add(call);
    }
  }, 10).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(pending);
      agent.destroy();
      return { calls, failures };
    },
  };
}
