// A test's agent that joins late: it says what it is told, at once or after some time.
import { setTimeout } from "node:timers/promises";
import { type Agent, delta, isMain, serveAgent } from "@smartcall/agent-kit";

/** The variable that says how long an answer takes, in milliseconds. Default: at once. */
export const lateMs = "LATE_MS";

const workMs = Number(process.env[lateMs] ?? 0);

export const late: Agent = {
  name: "late",
  async *stream({ lastUserText, signal }) {
    if (workMs > 0) await setTimeout(workMs, undefined, { signal });
    yield delta(lastUserText);
  },
};

if (isMain(import.meta.url)) serveAgent(late);
