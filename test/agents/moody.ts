// A test's agent that says its process; SIGUSR2 makes it unfit to answer, and fit again. It answers one call at a time.
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type Agent, delta, type Health, isMain, serveAgent } from "@smartcall/agent-kit";

let health: Health | undefined;
let serving = true;

/** Asked to wait "until FILE" it answers once there is that file. */
export const moody: Agent = {
  name: "moody",
  concurrency: { running: 1, waiting: 4 },
  async start(_, given) {
    health = given;
  },
  async *stream({ lastUserText, signal }) {
    const [, file] = /^until (.+)$/.exec(lastUserText) ?? [];
    while (file !== undefined && !existsSync(file)) await setTimeout(50, undefined, { signal });
    yield delta(`${process.pid}`);
  },
};

process.on("SIGUSR2", () => {
  serving = !serving;
  health?.set(serving);
});

if (isMain(import.meta.url)) serveAgent(moody);
