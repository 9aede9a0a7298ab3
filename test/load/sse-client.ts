// Reads streams by server-sent events, event by event as they come: k6 reads a body whole.
import { Agent } from "node:https";
import { openEvents } from "../harness/events.ts";
import { pause } from "../harness/eventually.ts";
import type { Mesh } from "../harness/mesh.ts";
import { type Heard, hear, nothingHeard } from "./heard.ts";

/** Streams that begin at a steady rate, whether or not those before have ended. */
export interface SsePlan {
  readonly perSecond: number;
  readonly seconds: number;
  /** What each asks of `ticker`: a body, and how many tokens the answer is to have. */
  ask(): { readonly body: unknown; readonly tokens: number };
}

/** What came of them. */
export interface SseResult {
  readonly begun: number;
  /** Those that ended whole, with every token. */
  readonly whole: readonly (Heard & { readonly tokens: number })[];
  /** A sentence for each other. */
  readonly failures: readonly string[];
}

/** Runs them to the end of the last. */
export async function readStreams(
  mesh: Pick<Mesh, "url" | "ca" | "token">,
  plan: SsePlan,
): Promise<SseResult> {
  const agent = new Agent({ keepAlive: true, ca: mesh.ca });
  const token = await mesh.token();
  const whole: (Heard & { tokens: number })[] = [];
  const failures: string[] = [];
  const one = async (): Promise<void> => {
    const { body, tokens } = plan.ask();
    try {
      const call = { path: "/v1/agents/ticker:stream", token, body, agent };
      const { status, events } = await openEvents(mesh, call);
      let heard = nothingHeard;
      for await (const { event, atMs } of events) heard = hear(heard, event, atMs);
      const right = status === 200 && heard.whole && heard.pieces === tokens;
      if (right) whole.push({ ...heard, tokens });
      else failures.push(`${status}, ${heard.pieces} of ${tokens} tokens: ${heard.wrong ?? ""}`);
    } catch (error) {
      failures.push(String(error));
    }
  };
  const running: Promise<void>[] = [];
  const begin = performance.now();
  while (running.length < plan.perSecond * plan.seconds) {
    await pause(begin + (running.length * 1000) / plan.perSecond - performance.now());
    running.push(one());
  }
  await Promise.all(running);
  agent.destroy();
  return { begun: running.length, whole, failures };
}
