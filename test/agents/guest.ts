// A test's agent whose name is what `GUEST` says: it says what it is told.
import { type Agent, delta, isMain, serveAgent } from "@smartcall/agent-kit";

/** The variable that names it. */
export const guestVariable = "GUEST";

if (isMain(import.meta.url)) {
  const guest: Agent = {
    name: process.env[guestVariable] ?? "guest",
    async *stream(call) {
      yield delta(call.lastUserText);
    },
  };
  serveAgent(guest);
}
