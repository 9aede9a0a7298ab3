// What ends a call from outside: its caller, its token, its deadline, the end of the process.

import { AgentError, agentError } from "./agent-error.ts";
import { callerLeft } from "./failure.ts";
import type { Caller, Host } from "./host.ts";
import { atExpiry, tokenExpired } from "./token-expiry.ts";

/** Of the time a caller gives, this share, and at most so long, is kept for the last event. */
const deadlineMargin = { share: 0.1, mostMs: 100 } as const;
/** How long a stopped agent has to say what its last step used, in milliseconds. */
const lastUsageMs = 50;

/**
 * Halts the call when the caller leaves, when its token expires, at the deadline, or
 * when the process ends.
 */
export function watch(host: Host, caller: Caller, halt: (error: AgentError) => void): () => void {
  const left = (): void => {
    const { reason } = caller.signal;
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

/** How long a stopped agent is waited for, in milliseconds: its caller has to hear of it in time. */
export function lastWordMs(host: Host, caller: Caller): number {
  const left = (caller.deadline ?? Number.POSITIVE_INFINITY) - host.clock.now();
  return Math.max(0, Math.min(lastUsageMs, left / 2));
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
