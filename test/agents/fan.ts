// A test's agent that asks others at once: "spender>one&spender>two" asks twice; it says back all answers.
import { type Agent, delta, isMain, serveAgent } from "@smartcall/agent-kit";

export const fan: Agent = {
  name: "fan",
  async *stream(call) {
    yield delta("asking ");
    const asked = call.lastUserText.split("&").map((question) => {
      const [agent = "", ...rest] = question.split(">");
      return call.agent(agent).invoke(rest.join(">"));
    });
    for (const { text } of await Promise.all(asked)) yield delta(text);
  },
};

if (isMain(import.meta.url)) serveAgent(fan);
