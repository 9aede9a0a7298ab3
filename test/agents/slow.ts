// A test's agent that says one word; asked to "fail" it then fails, asked for "on and on" it never ends.
import { setTimeout } from "node:timers/promises";
import { type Agent, agentError, delta, isMain, serveAgent } from "@smartcall/agent-kit";

export const slow: Agent = {
  name: "slow",
  async *stream({ lastUserText, signal }) {
    yield delta("tick ");
    if (lastUserText === "fail") throw agentError("RESOURCE_EXHAUSTED", "The ink is dry.");
    while (lastUserText === "on and on") {
      await setTimeout(50, undefined, { signal });
      yield delta("tick ");
    }
  },
};

if (isMain(import.meta.url)) serveAgent(slow);
