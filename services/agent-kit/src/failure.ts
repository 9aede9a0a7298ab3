// What a caller is told of something thrown.

import type { Log } from "@smartcall/runtime";
import { AgentError, agentError } from "./agent-error.ts";

/** What ends a call whose caller has left. One for all, since most calls would make it in vain. */
export const callerLeft = agentError("CANCELLED", "the caller has left");

/** An agent's own error as it is; anything else is logged, and INTERNAL without its text. */
export function toAgentError(thrown: unknown, log: Log): AgentError {
  if (thrown instanceof AgentError) return thrown;
  log.error({ err: thrown }, "the agent failed");
  return agentError("INTERNAL", "the agent failed", { reason: "AGENT_FAILED" });
}
