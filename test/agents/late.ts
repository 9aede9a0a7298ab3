// A test's agent that joins late: it says what it is told.
import { type Agent, delta, isMain, serveAgent } from "@smartcall/agent-kit";

export const late: Agent = {
  name: "late",
  async *stream(call) {
    yield delta(call.lastUserText);
  },
};

if (isMain(import.meta.url)) serveAgent(late);
