// What a caller is told of something thrown.

import type { Log } from "@smartcall/runtime";
import { AgentError, agentError } from "./agent-error.ts";

/** An agent's own error as it is; anything else is logged, and INTERNAL without its text. */
export function toAgentError(thrown: unknown, log: Log): AgentError {
  if (thrown instanceof AgentError) return thrown;
  log.error({ err: thrown }, "the agent failed");
  return agentError("INTERNAL", "the agent failed", { reason: "AGENT_FAILED" });
}
