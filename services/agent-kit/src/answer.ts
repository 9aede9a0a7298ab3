// The one machine behind every door: an ask becomes events, of which exactly the last is
// `done` or `error`, whatever the agent, the caller or the clock do.

import type { Log } from "@smartcall/runtime";
import { AgentError } from "./agent-error.ts";
import type { Ask } from "./call.ts";
import { callerLeft, toAgentError } from "./failure.ts";
import { byBudget, tokensOf } from "./grant.ts";
import type { Caller, Host } from "./host.ts";
import type { FinishReason, Piece, Usage } from "./pieces.ts";
import type { AnswerEvent, LastEvent } from "./to-wire.ts";
import { lastWordMs } from "./watch-call.ts";
import { textJoin } from "./well-formed.ts";
import { beginWork, type Work } from "./work.ts";

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
  const ids = { callId, requestId: caller.requestId, traceId: caller.traceId };
  let child: Log | undefined;
  const log = (): Log => {
    child ??= host.log.child(ids);
    return child;
  };
  const grant = caller.grant ?? Number.POSITIVE_INFINITY;
  const text = textJoin();
  let spent: Usage = { inputTokens: 0, outputTokens: 0 };
  let known = true;
  let last: LastEvent = { kind: "error", error: callerLeft };
  let finishReason: FinishReason | undefined;
  let work: Work | undefined;
  try {
    if (asked instanceof AgentError) {
      last = { kind: "error", error: byBudget(asked, caller) };
      yield last;
      return;
    }
    work = beginWork(host, asked, caller, callId, log);
    for (;;) {
      const heard = await work.next();
      if (heard.kind === "silent") {
        yield { kind: "heartbeat" };
        continue;
      }
      if (heard.kind === "halted") {
        last = { kind: "error", error: byBudget(heard.error, caller) };
        yield last;
        // What it used in the step that runs must not be charged too low.
        if (caller.grant !== undefined) {
          const word = await work.lastNews(lastWordMs(host, caller));
          known = word.kind === "step";
          if (word.kind === "step" && word.step.done !== true) {
            spent = usageOf(word.step.value) ?? spent;
          }
        }
        return;
      }
      if (heard.kind === "thrown") {
        last = { kind: "error", error: byBudget(toAgentError(heard.thrown, log()), caller) };
        yield last;
        return;
      }
      if (heard.step.done !== true) {
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
        spent = piece.usage;
        if (tokensOf(spent) < grant) continue;
        finishReason ??= "budget";
      }
      const rest = text.end();
      if (rest !== "") yield { kind: "delta", text: rest };
      last = { kind: "done", finishReason: finishReason ?? "stop", usage: spent };
      yield last;
      return;
    }
  } finally {
    work?.end();
    used(known ? spent : undefined);
    const code = last.kind === "done" ? "OK" : last.error.code;
    const ms = host.clock.now() - beganAt;
    host.metrics.ended(caller.door, code, ms, spent);
    if (host.log.isLevelEnabled("info")) {
      host.log.info({ ...ids, door: caller.door, code, ms, ...spent }, "call ended");
    }
  }
}

/** What a call has used until this piece, where it says so; what another agent used is not its own. */
function usageOf(piece: Piece): Usage | undefined {
  return piece.kind === "delta" || piece.kind === "usage" ? piece.usage : undefined;
}
