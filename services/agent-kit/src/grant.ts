// What a call may use of its caller's budget.

import { type AgentError, agentError } from "./agent-error.ts";
import type { Usage } from "./pieces.ts";

/** A grant as the edge writes it; undefined where there is none. */
export function readGrant(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** All tokens together. */
export function tokensOf({ inputTokens, outputTokens }: Usage): number {
  return inputTokens + outputTokens;
}

/** What an agent throws where its grant is too small to answer at all. */
export function grantTooSmall(needed: number, grant: number): AgentError {
  return agentError(
    "RESOURCE_EXHAUSTED",
    `the answer needs at least ${needed} tokens, and the budget leaves ${grant} for this call`,
    { reason: "BUDGET_SPENT" },
  );
}
