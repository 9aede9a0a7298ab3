// A test's agent: asked to count "until FILE", it says a number every 100 ms until there is that file.
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type Agent, delta, isMain, serveAgent } from "@smartcall/agent-kit";

export const counter: Agent = {
  name: "counter",
  async *stream({ lastUserText, signal }) {
    const [, file] = /^until (.+)$/.exec(lastUserText) ?? [];
    if (file === undefined) {
      yield delta(lastUserText);
      return;
    }
    for (let number = 1; !existsSync(file); number += 1) {
      yield delta(`${number} `);
      await setTimeout(100, undefined, { signal });
    }
  },
};

if (isMain(import.meta.url)) serveAgent(counter);
