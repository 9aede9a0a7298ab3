// The agent of the bench, on the kit: says again what it is told, a line at a time.
import { setTimeout } from "node:timers/promises";
import { type Agent, delta, isMain, serveAgent } from "@smartcall/agent-kit";
import { startKitAgent } from "../edge/kit-agent.ts";

/** Lines come a millisecond apart, as words of a quick model would. */
const words: Agent = {
  name: "words",
  async *stream({ lastUserText }) {
    const lines = lastUserText.split("\n");
    for (const [index, line] of lines.entries()) {
      if (index > 0) await setTimeout(1);
      yield delta(line);
    }
  },
};

if (isMain(import.meta.url)) {
  // In a mesh behind its sidecar, or by itself for what goes without one.
  if (process.argv[2] === "alone") console.log(`port ${(await startKitAgent(words)).port}`);
  else serveAgent(words);
}
