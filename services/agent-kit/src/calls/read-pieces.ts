// The events of another agent's answer become its pieces, or the failure that they end in.

import type { agentPb } from "@smartcall/protos";
import { AgentError, agentError } from "../agent-error.ts";
import { type FinishReason, finishReasons, type Usage } from "../pieces.ts";
import { fromRpcStatus } from "../read-status.ts";
import type { PeerPiece } from "./peer.ts";

/** What is known of a call when it fails. */
export interface Failed {
  /** How many events had come. */
  readonly events: number;
  readonly thrown: unknown;
  /** The same failure as a stream that broke. */
  readonly broken: (why: string) => AgentError;
}

/**
 * Reads an answer to its end. An answer is whole with `done` only: one that ends without, or
 * with an event missing, is UNAVAILABLE with reason STREAM_BROKEN. Every failure has the text
 * that had come.
 *
 * @param from who answers, and the id of the request
 * @param failure what becomes of something that `events` throws
 */
export async function* readPieces(
  events: AsyncIterable<agentPb.StreamEvent>,
  from: { readonly agent: string; readonly requestId: string },
  failure: (failed: Failed) => AgentError,
): AsyncGenerator<PeerPiece, void, void> {
  const texts: string[] = [];
  let count = 0;
  let done: PeerPiece | undefined;
  const broken = brokenBy(from.agent);
  try {
    for await (const event of events) {
      count++;
      const problem = orderProblem(event, count, done !== undefined);
      if (problem !== undefined) throw broken(problem);
      const error = event.getError();
      if (error !== undefined) throw fromRpcStatus(error);
      // The end of the stream is awaited, for a call that is left before it counts as cancelled.
      done = doneIn(event) ?? done;
      const delta = event.getDelta();
      if (delta === undefined) continue;
      const text = delta.getContent();
      texts.push(text);
      yield { kind: "delta", text };
    }
    if (done === undefined) throw broken("it has no last event");
  } catch (thrown) {
    if (done === undefined || thrown instanceof AgentError) {
      const failed =
        thrown instanceof AgentError ? thrown : failure({ events: count, thrown, broken });
      throw withFacts(failed, from.requestId, texts.join(""));
    }
  }
  if (done !== undefined) yield done;
}

/** What becomes of an answer that stops before its end. */
export function brokenBy(agent: string): Failed["broken"] {
  return (why) =>
    agentError("UNAVAILABLE", `the answer of ${agent} broke off: ${why}`, {
      reason: "STREAM_BROKEN",
    });
}

/** The same failure, with the request's id and what had come of the answer. */
function withFacts(failed: AgentError, requestId: string, textSoFar: string): AgentError {
  const { code, message, details } = failed;
  const metadata = { requestId, ...details.metadata };
  return new AgentError(code, message, { ...details, metadata, textSoFar });
}

function orderProblem(
  event: agentPb.StreamEvent,
  due: number,
  isOver: boolean,
): string | undefined {
  if (isOver) return "something came after its last event";
  const came = event.getSequence();
  return came === due ? undefined : `event ${came} came where ${due} was due`;
}

function doneIn(event: agentPb.StreamEvent): PeerPiece | undefined {
  const done = event.getDone();
  if (done === undefined) return undefined;
  const finishReason = finishReasonOf(done.getFinishReason());
  return { kind: "done", finishReason, usage: usageOf(done.getUsage()) };
}

/** What is said of why an answer ended; `stop` where that is none that the kit knows. */
export function finishReasonOf(text: string): FinishReason {
  return finishReasons.find((known) => known === text) ?? "stop";
}

export function usageOf(wire: agentPb.Usage | undefined): Usage {
  return { inputTokens: wire?.getInputTokens() ?? 0, outputTokens: wire?.getOutputTokens() ?? 0 };
}
