// An agent at work on one call: its pieces as they come, and whatever comes between.

import type { Log } from "@smartcall/runtime";
import type { AgentError } from "./agent-error.ts";
import type { Ask } from "./call.ts";
import { createCallTree } from "./calls/call-tree.ts";
import { callerLeft } from "./failure.ts";
import type { Caller, Host } from "./host.ts";
import { mailbox } from "./mailbox.ts";
import { isPiece, noPiece, type Piece } from "./pieces.ts";
import { servedCall } from "./served-call.ts";
import { createSilence } from "./silence.ts";
import { createStop } from "./stop.ts";
import { busy, watch } from "./watch-call.ts";

const defaultHeartbeatMs = 15_000;

/** What comes of an agent's work. */
export type News =
  | { readonly kind: "step"; readonly step: IteratorResult<Piece, void> }
  | { readonly kind: "thrown"; readonly thrown: unknown }
  | { readonly kind: "halted"; readonly error: AgentError }
  | { readonly kind: "silent" };

/** An agent that works on a call. */
export interface Work {
  /** What comes next. The agent is asked for its next piece only here. */
  next(): Promise<News>;
  /** The same, for so many milliseconds, without asking the agent again. */
  lastNews(ms: number): Promise<News>;
  /** Lets it go. One that has not ended is stopped, and waited for a while. */
  end(): void;
}

/** @param log with the call's ids */
export function beginWork(host: Host, ask: Ask, caller: Caller, id: string, log: () => Log): Work {
  const news = mailbox<News>();
  const stop = createStop();
  const unwatch = watch(host, caller, (error) => {
    if (stop.aborted) return;
    news.post({ kind: "halted", error });
    stop.abort(error);
  });
  const tree = createCallTree(host.outbound, caller, stop, host.clock);
  // Nobody hears a heartbeat of an answer that comes as one.
  const silence =
    caller.door === "invoke"
      ? undefined
      : createSilence(host.clock, host.agent.heartbeatMs ?? defaultHeartbeatMs, () => {
          // Who does not wait for news is slow itself.
          if (news.awaited()) news.post({ kind: "silent" });
        });
  let pieces: AsyncIterator<Piece, unknown> | undefined;
  let place = (): void => undefined;
  let pending: Promise<unknown> | undefined;
  let ended = false;

  const over = (): void => {
    ended = true;
    place();
  };
  const begin = async (): Promise<IteratorResult<Piece, unknown>> => {
    const entered = await host.admission.enter(stop);
    if (entered === "left") return { done: true, value: undefined };
    if (entered === "full") throw busy(host);
    place = entered;
    const call = servedCall(host, ask, caller, { id, stop, tree, log });
    pieces = host.agent.stream(call)[Symbol.asyncIterator]();
    return pieces.next();
  };
  const stepped = (step: IteratorResult<Piece, unknown>): undefined | Promise<void> => {
    if (step.done === true) {
      over();
      news.post({ kind: "step", step: { done: true, value: undefined } });
      return undefined;
    }
    // Agents in plain JavaScript, or with a cast, yield whatever they like.
    if (!isPiece(step.value)) return spoilt(noPiece(step.value));
    pending = undefined;
    news.post({ kind: "step", step: { done: false, value: step.value } });
    return undefined;
  };
  const thrown = (error: unknown): void => {
    over();
    news.post({ kind: "thrown", thrown: error });
  };
  const spoilt = async (problem: string): Promise<void> => {
    try {
      await pieces?.return?.();
      thrown(new TypeError(problem));
    } catch (error) {
      thrown(error);
    }
  };
  const windDown = async (): Promise<void> => {
    await pending;
    if (!ended) await pieces?.return?.();
    over();
  };
  return {
    next() {
      if (pending === undefined && !ended) {
        pending = (pieces === undefined ? begin() : pieces.next()).then(stepped, thrown);
      }
      silence?.listen();
      return news.take();
    },
    async lastNews(ms) {
      const disarm = host.clock.after(ms, () => news.post({ kind: "silent" }));
      let heard = await news.take();
      while (heard.kind === "halted") heard = await news.take();
      disarm();
      return heard;
    },
    end() {
      silence?.end();
      unwatch();
      tree.end();
      if (ended) return;
      stop.abort(callerLeft);
      const disarm = host.clock.after(host.windDownMs, () => {
        place();
        log().warn({ afterMs: host.windDownMs }, "the agent goes on after its signal: cut off");
      });
      windDown().then(disarm, (failed: unknown) => {
        disarm();
        over();
        log().debug({ err: failed }, "the agent failed after its signal");
      });
    },
  };
}
