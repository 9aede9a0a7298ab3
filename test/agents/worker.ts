// A test's agent that works 100 ms for an answer; SIGUSR2 makes it slow, and quick again.
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type Agent, delta, isMain, serveAgent } from "@smartcall/agent-kit";

/** The variable that names the agent. Default: `worker`. */
export const workerName = "WORKER_NAME";

/** How long an answer takes, in milliseconds. */
const workMs = { quick: 100, slow: 3_000 } as const;

const name = process.env[workerName] ?? "worker";
let work: keyof typeof workMs = "quick";

/** Asked "who" it says its name; to count "until FILE", a number every 100 ms; else what it is told. */
export const worker: Agent = {
  name,
  async *stream({ lastUserText, signal }) {
    const [, file] = /^until (.+)$/.exec(lastUserText) ?? [];
    if (file === undefined) {
      await setTimeout(workMs[work], undefined, { signal });
      yield delta(lastUserText === "who" ? name : lastUserText);
      return;
    }
    for (let number = 1; !existsSync(file); number += 1) {
      yield delta(`${number} `);
      await setTimeout(100, undefined, { signal });
    }
  },
};

process.on("SIGUSR2", () => {
  work = work === "quick" ? "slow" : "quick";
});

if (isMain(import.meta.url)) serveAgent(worker);
