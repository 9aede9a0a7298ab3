// What another agent is asked: a text, with the settings of the planner's own caller.

import type { Ask, Call } from "@smartcall/agent-kit";

/** @param maxTokens of the answer */
export function askOf(call: Call, content: string, maxTokens: number): Partial<Ask> {
  return {
    messages: [{ role: "user", content }],
    maxTokens,
    ...(call.temperature !== undefined && { temperature: call.temperature }),
    ...(call.seed !== undefined && { seed: call.seed }),
  };
}
