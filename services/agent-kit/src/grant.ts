// What a call may use of its caller's budget.

import { AgentError, agentError } from "./agent-error.ts";
import type { Caller } from "./host.ts";
import type { Usage } from "./pieces.ts";

/** How a grant came to be. */
export interface Budget {
  /** The most that the route grants one call. */
  readonly of: number;
  /** The budget that left less than that, and in how many milliseconds its next window begins. */
  readonly cut?: { readonly rule: string; readonly retryAfterMs: number };
}

/** A grant as the edge writes it; undefined where there is none. */
export function readGrant(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** How it came to be, as the edge writes that; undefined where it does not. */
export function readBudget(text: string | undefined): Budget | undefined {
  if (text === undefined) return undefined;
  const [, of, rule, reset] = /^of=(\d{1,15})(?:;rule=([^;]+);reset=(\d{1,10}))?$/.exec(text) ?? [];
  if (of === undefined) return undefined;
  return {
    of: Number(of),
    ...(rule !== undefined && { cut: { rule, retryAfterMs: Number(reset) * 1000 } }),
  };
}

/** All tokens together. */
export function tokensOf({ inputTokens, outputTokens }: Usage): number {
  return inputTokens + outputTokens;
}

/** What an agent throws where its grant is too small to answer at all. */
export function grantTooSmall(needed: number, grant: number): AgentError {
  return new GrantTooSmall(needed, grant);
}

/** It does not know whether another call would get more: `byBudget` does. */
class GrantTooSmall extends AgentError {
  readonly needed: number;

  constructor(needed: number, grant: number) {
    super(
      "RESOURCE_EXHAUSTED",
      `the answer needs at least ${needed} tokens, and the budget leaves ${grant} for this call`,
      { reason: "BUDGET_SPENT" },
    );
    this.needed = needed;
  }
}

function isTooSmall(error: AgentError): error is GrantTooSmall {
  return "needed" in error;
}

/** A failure as its caller is told it: a grant that was too small says when more is to be had. */
export function byBudget(error: AgentError, { budget, door }: Caller): AgentError {
  if (!isTooSmall(error) || budget === undefined) return error;
  const { needed, message } = error;
  const { cut, of } = budget;
  if (needed <= of && cut !== undefined) {
    const { rule, retryAfterMs } = cut;
    return agentError("RESOURCE_EXHAUSTED", message, {
      reason: "BUDGET_SPENT",
      metadata: { rule },
      retryAfterMs,
    });
  }
  if (needed <= of && door === "converse") {
    return agentError(
      "RESOURCE_EXHAUSTED",
      `the conversation has used too much of the ${of} tokens that it may: begin a new one`,
      { reason: "CONVERSATION_FULL" },
    );
  }
  return agentError(
    "INVALID_ARGUMENT",
    `the answer needs at least ${needed} tokens, and a call on this route may use ${of}`,
    { reason: "INPUT_TOO_LARGE" },
  );
}
