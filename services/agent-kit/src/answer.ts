// The one machine behind every door: an ask becomes events, of which exactly the last is
// `done` or `error`, whatever the agent, the caller or the clock do.

import type { Log } from "@smartcall/runtime";
import { AgentError, agentError } from "./agent-error.ts";
import { type Ask, type Call, lastUserText } from "./call.ts";
import { callFacts } from "./call-facts.ts";
import { createCallTree } from "./calls/call-tree.ts";
import { callerLeft, toAgentError } from "./failure.ts";
import { byBudget, tokensOf } from "./grant.ts";
import type { Caller, Host } from "./host.ts";
import { type Mailbox, mailbox } from "./mailbox.ts";
import { type FinishReason, isPiece, noPiece, type Piece, type Usage } from "./pieces.ts";
import type { AnswerEvent, LastEvent } from "./to-wire.ts";
import { atExpiry, tokenExpired } from "./token-expiry.ts";
import { textJoin } from "./well-formed.ts";

const defaultHeartbeatMs = 15_000;
/** Of the time a caller gives, this share, and at most so long, is kept for the last event. */
const deadlineMargin = { share: 0.1, mostMs: 100 } as const;
/** How long a stopped agent has to say what its last step used, in milliseconds. */
const lastUsageMs = 50;

type News =
  | { readonly kind: "step"; readonly step: IteratorResult<Piece, void> }
  | { readonly kind: "thrown"; readonly thrown: unknown }
  | { readonly kind: "halted"; readonly error: AgentError }
  | { readonly kind: "silent" };

/**
 * Answers one call. Never throws. The agent is only asked for its next piece
 * when the one before was taken, so a slow reader slows the agent. A reader that
 * leaves early stops the call.
 *
 * @param asked A refusal is answered with itself.
 * @param used Told, once, what the call used, before the generator ends; undefined
 *   where the agent was stopped and did not say in time.
 */
export async function* answer(
  host: Host,
  asked: Ask | AgentError,
  caller: Caller,
  callId: string,
  used: (usage: Usage | undefined) => void = () => undefined,
): AsyncGenerator<AnswerEvent, void, void> {
  const beganAt = host.clock.now();
  const log = host.log.child({ callId, requestId: caller.requestId, traceId: caller.traceId });
  let spent: Usage = { inputTokens: 0, outputTokens: 0 };
  let known = true;
  let last: LastEvent = { kind: "error", error: callerLeft };
  try {
    if (asked instanceof AgentError) {
      last = { kind: "error", error: byBudget(asked, caller) };
      yield last;
    } else {
      for await (const event of attend(host, asked, caller, { callId, log })) {
        if (event.kind === "usage") spent = event.usage;
        else if (event.kind === "unknown") known = false;
        else if (event.kind === "delta" || event.kind === "heartbeat") yield event;
        else {
          last =
            event.kind === "done"
              ? { ...event, usage: spent }
              : { ...event, error: byBudget(event.error, caller) };
          yield last;
        }
      }
    }
  } finally {
    used(known ? spent : undefined);
    const code = last.kind === "done" ? "OK" : last.error.code;
    const ms = host.clock.now() - beganAt;
    host.metrics.ended(caller.door, code, ms, spent);
    log.info({ door: caller.door, code, ms, ...spent }, "call ended");
  }
}

type Attended =
  | Exclude<AnswerEvent, { readonly kind: "done" }>
  | { readonly kind: "usage"; readonly usage: Usage }
  /** More was used than was said, perhaps. */
  | { readonly kind: "unknown" }
  | { readonly kind: "done"; readonly finishReason: FinishReason };

/** Runs the agent, and listens to its pieces, to the caller and to the clock at once. */
async function* attend(
  host: Host,
  ask: Ask,
  caller: Caller,
  { callId, log }: { readonly callId: string; readonly log: Log },
): AsyncGenerator<Attended, void, void> {
  const news = mailbox<News>();
  const stop = new AbortController();
  const unwatch = watch(host, caller, (error) => {
    if (stop.signal.aborted) return;
    news.post({ kind: "halted", error });
    stop.abort(error);
  });
  const tree = createCallTree(host.outbound, caller, stop.signal, host.clock);
  const call: Call = {
    ...ask,
    ...callFacts(host, caller, { id: callId, log, signal: stop.signal, tree }),
    lastUserText: lastUserText(ask.messages),
  };
  const { pieces, leave } = begin(host, call);
  const text = textJoin();
  let finishReason: FinishReason | undefined;
  let pulling = false;
  let agentEnded = false;
  try {
    for (;;) {
      if (!pulling) {
        pulling = true;
        pieces.next().then(
          (step) => news.post({ kind: "step", step }),
          (thrown: unknown) => news.post({ kind: "thrown", thrown }),
        );
      }
      const disarm = host.clock.after(host.agent.heartbeatMs ?? defaultHeartbeatMs, () =>
        news.post({ kind: "silent" }),
      );
      const heard = await news.take();
      disarm();
      if (heard.kind === "silent") {
        yield { kind: "heartbeat" };
        continue;
      }
      if (heard.kind === "halted") {
        yield { kind: "error", error: heard.error };
        // What it used in the step that runs must not be charged too low.
        if (call.grant !== undefined) yield* lastUsage(host, caller, news);
        return;
      }
      if (heard.kind === "thrown") {
        agentEnded = true;
        yield { kind: "error", error: toAgentError(heard.thrown, log) };
        return;
      }
      pulling = false;
      if (heard.step.done === true) {
        agentEnded = true;
        const rest = text.end();
        if (rest !== "") yield { kind: "delta", text: rest };
        yield { kind: "done", finishReason: finishReason ?? "stop" };
        return;
      }
      const piece = heard.step.value;
      if (piece.kind === "finish" || piece.kind === "done") {
        finishReason = piece.kind === "done" ? piece.finishReason : piece.reason;
        continue;
      }
      if (piece.kind === "delta") {
        const whole = text.push(piece.text);
        if (whole !== "") yield { kind: "delta", text: whole };
      }
      if (piece.usage === undefined) continue;
      yield { kind: "usage", usage: piece.usage };
      if (call.grant !== undefined && tokensOf(piece.usage) >= call.grant) {
        const rest = text.end();
        if (rest !== "") yield { kind: "delta", text: rest };
        yield { kind: "done", finishReason: finishReason ?? "budget" };
        return;
      }
    }
  } finally {
    unwatch();
    tree.end();
    if (!agentEnded) {
      stop.abort(callerLeft);
      windDown(host, pieces, leave, log);
    }
  }
}

/**
 * What an agent that was told to stop says of the step it was in, if it says it soon:
 * the caller waits for the end of its call.
 */
async function* lastUsage(
  host: Host,
  caller: Caller,
  news: Mailbox<News>,
): AsyncGenerator<Attended, void, void> {
  const disarm = host.clock.after(lastWordMs(host, caller), () => news.post({ kind: "silent" }));
  let heard = await news.take();
  while (heard.kind === "halted") heard = await news.take();
  disarm();
  if (heard.kind !== "step") {
    yield { kind: "unknown" };
  } else if (heard.step.done !== true) {
    const { value } = heard.step;
    if ((value.kind === "delta" || value.kind === "usage") && value.usage !== undefined) {
      yield { kind: "usage", usage: value.usage };
    }
  }
}

/** How long a stopped agent is waited for, in milliseconds: its caller has to hear of it in time. */
export function lastWordMs(host: Host, caller: Caller): number {
  const left = (caller.deadline ?? Number.POSITIVE_INFINITY) - host.clock.now();
  return Math.max(0, Math.min(lastUsageMs, left / 2));
}

/**
 * Halts the call when the caller leaves, when its token expires, at the deadline, or
 * when the process ends.
 */
export function watch(host: Host, caller: Caller, halt: (error: AgentError) => void): () => void {
  const left = (): void => {
    const reason: unknown = caller.signal.reason;
    halt(reason instanceof AgentError ? reason : callerLeft);
  };
  if (caller.signal.aborted) left();
  caller.signal.addEventListener("abort", left, { once: true });
  host.halts.add(halt);
  const disarm =
    caller.deadline === undefined ? undefined : armDeadline(host, caller.deadline, halt);
  const trust = atExpiry(host.clock, caller.identity, () => halt(tokenExpired));
  return () => {
    caller.signal.removeEventListener("abort", left);
    host.halts.delete(halt);
    disarm?.();
    trust();
  };
}

/** A little early, so that the last event still arrives before the wire is cut. */
function armDeadline(host: Host, deadline: number, halt: (error: AgentError) => void): () => void {
  const given = Math.max(0, deadline - host.clock.now());
  const margin = Math.min(given * deadlineMargin.share, deadlineMargin.mostMs);
  return host.clock.after(given - margin, () =>
    halt(agentError("DEADLINE_EXCEEDED", "the answer was not whole at the call's deadline")),
  );
}

/** The agent's pieces once it has a place; `leave` gives the place back before the agent ends. */
function begin(
  host: Host,
  call: Call,
): { readonly pieces: AsyncGenerator<Piece, void, void>; readonly leave: () => void } {
  let leave = (): void => undefined;
  async function* run(): AsyncGenerator<Piece, void, void> {
    const place = await host.admission.enter(call.signal);
    if (place === "left") return;
    if (place === "full") throw busy(host);
    leave = place;
    try {
      for await (const piece of host.agent.stream(call)) {
        // Agents in plain JavaScript, or with a cast, yield whatever they like.
        if (!isPiece(piece)) throw new TypeError(noPiece(piece));
        yield piece;
      }
    } finally {
      place();
    }
  }
  return { pieces: run(), leave: () => leave() };
}

/** What a call is told for which there is no place. */
export function busy({ agent, admission }: Host): AgentError {
  const { running, waiting } = admission;
  return agentError(
    "UNAVAILABLE",
    `${agent.name} is busy (running: ${running}, waiting: ${waiting}): try again later`,
    { reason: "AGENT_OVERLOADED", retryAfterMs: 1000 },
  );
}

/** Lets the agent end by itself; its place is given back after a while even if it does not. */
function windDown(
  host: Host,
  pieces: AsyncGenerator<Piece, void, void>,
  leave: () => void,
  log: Log,
): void {
  const disarm = host.clock.after(host.windDownMs, () => {
    leave();
    log.warn({ afterMs: host.windDownMs }, "the agent goes on after its signal: cut off");
  });
  pieces.return().then(disarm, (thrown: unknown) => {
    disarm();
    log.debug({ err: thrown }, "the agent failed after its signal");
  });
}
