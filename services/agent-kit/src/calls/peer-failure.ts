// Why a call to another agent failed, for the agent that made it.

import { Metadata, type ServiceError } from "@grpc/grpc-js";
import type { Clock } from "@smartcall/runtime";
import { AgentError, agentError } from "../agent-error.ts";
import { callFailure } from "../call-failure.ts";
import { callerLeft } from "../failure.ts";
import type { OutboundLeg } from "./outbound.ts";
import type { Failed } from "./read-pieces.ts";

/**
 * Why a call failed. What only this end knows comes first: that it was cancelled, or that
 * its time is over. Always has the request's id.
 */
export function failureOf(thrown: unknown, call: OutboundLeg, clock: Clock): AgentError {
  if (call.signal.aborted) return leftOf(call.signal);
  if (!isServiceError(thrown)) throw thrown;
  const failure = callFailure(thrown);
  const { reason } = failure.details;
  const isOver = call.deadline !== undefined && clock.now() >= call.deadline;
  if (failure.code === "DEADLINE_EXCEEDED" || (isOver && reason === undefined)) {
    const message = `${call.agent} did not answer whole in time`;
    return named(agentError("DEADLINE_EXCEEDED", message), "DEADLINE_EXCEEDED", call);
  }
  const unreached = failure.code === "UNAVAILABLE" ? "AGENT_UNAVAILABLE" : failure.code;
  return named(failure, reason ?? unreached, call);
}

/** What broke off after it had begun is a broken stream, unless one of both ends says why. */
export function streamFailure(failed: Failed, call: OutboundLeg, clock: Clock): AgentError {
  const failure = failureOf(failed.thrown, call, clock);
  const { code, message, details } = failure;
  const isSaid = details.reason !== code && details.reason !== "AGENT_UNAVAILABLE";
  if (failed.events === 0 || isSaid || code === "DEADLINE_EXCEEDED") return failure;
  return named(failed.broken(message), "STREAM_BROKEN", call);
}

/** An answer came that is no message of its method. */
export function noAnswer(call: OutboundLeg): AgentError {
  const message = `the answer of ${call.agent} is none that its method can give`;
  return named(agentError("INTERNAL", message), "INTERNAL", call);
}

/** What ends a call that its own caller has left, or that its agent cancels. */
export function leftOf(signal: AbortSignal): AgentError {
  const reason: unknown = signal.reason;
  return reason instanceof AgentError ? reason : callerLeft;
}

function named(
  { code, message, details }: AgentError,
  reason: string,
  call: OutboundLeg,
): AgentError {
  const metadata = { requestId: call.caller.requestId, ...details.metadata };
  return new AgentError(code, message, { ...details, reason, metadata });
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  if (!(thrown instanceof Error && "code" in thrown && "metadata" in thrown)) return false;
  return typeof thrown.code === "number" && thrown.metadata instanceof Metadata;
}
