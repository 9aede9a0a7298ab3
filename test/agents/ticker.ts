// A test's agent: asked for "N every MS", it counts to N and pauses MS milliseconds before each.
import { setTimeout } from "node:timers/promises";
import { type Agent, agentError, delta, isMain, serveAgent } from "@smartcall/agent-kit";

export const ticker: Agent = {
  name: "ticker",
  description: "Counts, for tests that watch a stream.",
  async *stream({ lastUserText, signal }) {
    const [, count, pause] = /^(\d+) every (\d+)$/.exec(lastUserText) ?? [];
    if (count === undefined) throw agentError("INVALID_ARGUMENT", "Ask for `N every MS`.");
    for (let number = 1; number <= Number(count); number += 1) {
      await setTimeout(Number(pause), undefined, { signal });
      yield delta(`${number} `);
    }
  },
};

if (isMain(import.meta.url)) serveAgent(ticker);
