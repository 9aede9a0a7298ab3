// Runs the Envoy of a gateway until Ctrl-C.

import { rmSync } from "node:fs";
import { createLog, onEnd, parentVariable } from "@smartcall/runtime";
import { type CommandEnd, ended } from "../exit-codes.ts";
import { boundLog } from "../up/log-file.ts";
import { MeshProcesses } from "../up/mesh-processes.ts";
import type { Part } from "../up/start-steps.ts";
import { type Terminal, terminal } from "../up/terminal.ts";
import { onTerminalGone } from "../up/terminal-gone.ts";

/** A gateway that is to run. */
export interface Staying {
  readonly name: string;
  readonly part: Part;
  /** The realtime service, which holds its WebSockets. */
  readonly beside: Part;
  /** Removed at the end: it holds the join token. */
  readonly bootstrapFile: string;
  /** What serves, and where, such as `serves the mesh "demo" at https://localhost:8444`. */
  readonly what: string;
}

const boundLogEveryMs = 10_000;

/** Starts it, and starts it again where it dies; resolves only where it did not start. */
export async function stay({
  name,
  part,
  beside,
  bootstrapFile,
  what,
}: Staying): Promise<CommandEnd> {
  const screen = terminal(process.stdout, process.env);
  const processes = new MeshProcesses(screen, () => undefined);
  process.on("exit", () => {
    processes.kill();
    rmSync(bootstrapFile, { force: true });
  });
  process.env[parentVariable] ??= `${process.ppid}`;
  const silent = createLog("gateway", "fatal");
  const end = async (reason: string): Promise<void> => {
    screen.say(`\nStopping (${reason}) …`);
    await processes.stop();
    screen.say("Stopped. The mesh's other gateways go on.");
  };
  onEnd(silent, end, part.plan.endMs + beside.plan.endMs + 5_000);
  onTerminalGone(() => process.kill(process.pid, "SIGHUP"));

  screen.say(`Starting the gateway ${name} …`);
  const problem = (await processes.start([part, beside])) ?? processes.keep();
  if (problem !== undefined) {
    await processes.stop();
    return ended("failed", problem);
  }
  greet(name, what, part, screen);
  setInterval(() => {
    for (const file of processes.logFiles()) boundLog(file);
  }, boundLogEveryMs);
  return new Promise(() => undefined);
}

function greet(name: string, what: string, part: Part, screen: Terminal): void {
  screen.say("");
  screen.say(screen.bold(`The gateway ${name} ${what}`));
  screen.say("");
  screen.say(`Its state  npx smartcall nodes`);
  screen.say(`Log        ${part.plan.logFile}`);
  screen.say("Stop       Ctrl-C");
}
