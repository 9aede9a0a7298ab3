// One call of a method of an agent's own: a place, a time, an end, as of any other call.

import type { AgentError } from "../agent-error.ts";
import { callFacts } from "../call-facts.ts";
import { createCallTree } from "../calls/call-tree.ts";
import { toAgentError } from "../failure.ts";
import { byBudget } from "../grant.ts";
import type { Caller, Host } from "../host.ts";
import type { Usage } from "../pieces.ts";
import { busy, lastWordMs, watch } from "../watch-call.ts";
import type { OwnCall } from "./own-service.ts";

/** How a call ended: well, or with an error; and what it used, where that is known. */
export interface OwnEnd {
  readonly error?: AgentError;
  readonly usage?: Usage;
}

/**
 * Runs `work` once there is a place for it, and until it ends or must. Rejects after a bug
 * alone, and lets its caller go then too. Work that goes on after its signal is waited for no
 * longer, and keeps its place a little while.
 */
export async function attendOwn(
  host: Host,
  caller: Caller,
  work: (call: OwnCall) => Promise<void>,
): Promise<OwnEnd> {
  const beganAt = host.clock.now();
  const id = host.newId();
  const log = host.log.child({ callId: id, requestId: caller.requestId, traceId: caller.traceId });
  const stop = new AbortController();
  let haltedBy: AgentError | undefined;
  const halt = new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
  const unwatch = watch(host, caller, (error) => {
    haltedBy ??= error;
    stop.abort(error);
  });
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };
  const tree = createCallTree(host.outbound, caller, stop, host.clock);
  const call: OwnCall = {
    ...callFacts(host, caller, { id, tree }),
    signal: stop.signal,
    log,
    used(said) {
      usage = said;
    },
  };
  const run = async (): Promise<AgentError | undefined> => {
    const place = await host.admission.enter(stop.signal);
    if (place === "left") return undefined;
    if (place === "full") return busy(host);
    const giveUp = (): void => {
      host.clock.after(host.windDownMs, place);
    };
    stop.signal.addEventListener("abort", giveUp, { once: true });
    try {
      await work(call);
      return undefined;
    } catch (thrown) {
      return stop.signal.aborted ? undefined : toAgentError(thrown, log);
    } finally {
      stop.signal.removeEventListener("abort", giveUp);
      place();
    }
  };
  let known: boolean;
  let failed: AgentError | undefined;
  try {
    const running = run();
    await Promise.race([running, halt]);
    // What it used in the step that runs must not be charged too low.
    known =
      haltedBy === undefined ||
      caller.grant === undefined ||
      (await endsSoon(running, host, caller));
    failed = haltedBy ?? (await running);
  } finally {
    unwatch();
    tree.end();
  }
  const error = failed === undefined ? undefined : byBudget(failed, caller);
  const ms = host.clock.now() - beganAt;
  const code = error?.code ?? "OK";
  host.metrics.ended(caller.door, code, ms, usage);
  log.info({ door: caller.door, code, ms, ...usage }, "call ended");
  return { ...(error !== undefined && { error }), ...(known && { usage }) };
}

/** Whether work that was told to stop does so while its caller can still be told what it used. */
function endsSoon(running: Promise<unknown>, host: Host, caller: Caller): Promise<boolean> {
  return new Promise((resolve) => {
    const disarm = host.clock.after(lastWordMs(host, caller), () => resolve(false));
    const over = (): void => {
      disarm();
      resolve(true);
    };
    running.then(over, over);
  });
}
