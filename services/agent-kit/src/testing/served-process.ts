// A whole agent process, for the tests of `serveAgent`: it answers slowly, or not at all.

import { setTimeout as sleep } from "node:timers/promises";
import { delta, isMain, serveAgent } from "../index.ts";

const { AGENT_NAME: agentName, AGENT_FAILS: agentFails } = process.env;

if (isMain(import.meta.url)) {
  serveAgent({
    name: agentName ?? "poet",
    version: "2",
    async start(log) {
      if (agentFails === "start") throw new Error("no model");
      log.info("started");
    },
    async stop() {
      process.stdout.write('{"msg":"stopped"}\n');
    },
    async *stream(call) {
      yield delta("one ");
      await sleep(Number(call.lastUserText), undefined, { signal: call.signal });
      if (agentFails === "call") setImmediate(() => explode());
      yield delta("two");
    },
  });
}

function explode(): void {
  throw new Error("outside of any call");
}
