// An agent that answers with what it was asked. It has no model, so its calls cost no tokens.

import { type Agent, delta, isMain, serveAgent } from "@smartcall/agent-kit";

export const echo: Agent = {
  name: "echo",
  description: "Answers with what it was asked.",
  async *stream(call) {
    for (const word of call.lastUserText.split(/(?<=\s)(?=\S)/u)) yield delta(word);
  },
};

if (isMain(import.meta.url)) serveAgent(echo);
