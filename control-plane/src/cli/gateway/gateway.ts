// `smartcall gateway`: runs one more gateway of the mesh that runs here, until Ctrl-C.

import { rmSync } from "node:fs";
import { createLog, onEnd, parentVariable, type Run, readRun } from "@smartcall/runtime";
import { loadJoinToken, openDirectoryState } from "../../state/index.ts";
import { type CommandEnd, ended } from "../exit-codes.ts";
import { findMeshEnvoy } from "../find-mesh-envoy.ts";
import { isNodesAnswer } from "../remote/answers.ts";
import { findServer, getJson } from "../remote/index.ts";
import { takeLock } from "../up/lock.ts";
import { boundLog } from "../up/log-file.ts";
import { MeshProcesses } from "../up/mesh-processes.ts";
import type { Part } from "../up/start-steps.ts";
import { type Terminal, terminal } from "../up/terminal.ts";
import { onTerminalGone } from "../up/terminal-gone.ts";
import { type GatewayOrder, gatewayPart } from "./part.ts";
import { findPlace, type GatewayPlace } from "./place.ts";

const boundLogEveryMs = 10_000;

/** Runs the gateway; resolves only where it did not start. */
export async function gateway(order: GatewayOrder): Promise<CommandEnd> {
  const { name, stateFolder } = order;
  const run = readRun(stateFolder);
  const found = await findServer({ ...nobodyElse, stateFolder });
  if (!found.ok) return found.end;
  if (run === undefined) return ended("notRunning");
  const nodes = await getJson(found.server, "/nodes", isNodesAnswer);
  if (!nodes.ok) return nodes.end;
  if (nodes.value.nodes.some(({ node, cutOff }) => node === name && cutOff === undefined)) {
    return ended(
      "failed",
      `A gateway ${name} is connected to the mesh already: choose another name.`,
    );
  }
  const lock = takeLock(stateFolder, `gateway-${name}`);
  if (!lock.ok) {
    return ended(
      "failed",
      `The gateway ${name} runs already (process ${lock.pid}): choose another name.`,
    );
  }
  process.on("exit", lock.release);

  const [place, envoy, joinToken] = await Promise.all([
    findPlace(run, order.httpsPort),
    findMeshEnvoy(order.envoyBin, stateFolder),
    readJoinToken(stateFolder),
  ]);
  const problems = [place, envoy, joinToken].flatMap((one) => (one.ok ? [] : [one.problem]));
  if (!place.ok || !envoy.ok || !joinToken.ok) return ended("failed", ...problems);
  const part = gatewayPart(order, run, {
    place: place.place,
    envoy: envoy.binary,
    joinToken: joinToken.token,
  });
  return stay(order, run, part, place.place);
}

/** The mesh that runs here, whatever other one the environment names. */
const nobodyElse = { server: undefined, token: undefined, trust: undefined } as const;

async function stay(
  order: GatewayOrder,
  run: Run,
  { part, bootstrapFile }: { readonly part: Part; readonly bootstrapFile: string },
  place: GatewayPlace,
): Promise<CommandEnd> {
  const screen = terminal(process.stdout, process.env);
  const processes = new MeshProcesses(screen, () => undefined);
  process.on("exit", () => {
    processes.kill();
    rmSync(bootstrapFile, { force: true });
  });
  process.env[parentVariable] ??= `${process.ppid}`;
  const silent = createLog("gateway", "fatal");
  onEnd(silent, async (reason) => {
    screen.say(`\nStopping (${reason}) …`);
    await processes.stop();
    screen.say("Stopped. The mesh's other gateways go on.");
  });
  onTerminalGone(() => process.kill(process.pid, "SIGHUP"));

  screen.say(`Starting the gateway ${order.name} …`);
  const problem = (await processes.start([part])) ?? processes.keep();
  if (problem !== undefined) {
    await processes.stop();
    return ended("failed", problem);
  }
  greet(order.name, run, place, part, screen);
  setInterval(() => boundLog(part.plan.logFile), boundLogEveryMs);
  return new Promise(() => undefined);
}

function greet(name: string, run: Run, { url }: GatewayPlace, part: Part, screen: Terminal): void {
  screen.say("");
  screen.say(screen.bold(`The gateway ${name} serves the mesh "${run.mesh}" at ${url}`));
  screen.say("");
  screen.say(`Its state  npx smartcall nodes`);
  screen.say(`Log        ${part.plan.logFile}`);
  screen.say("Stop       Ctrl-C");
}

type JoinToken =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly problem: string };

async function readJoinToken(stateFolder: string): Promise<JoinToken> {
  const state = await openDirectoryState(stateFolder);
  if (!state.ok) return { ok: false, problem: state.problem.message };
  const token = await loadJoinToken(state.value, () => undefined);
  return token.ok
    ? { ok: true, token: token.value }
    : { ok: false, problem: token.problem.message };
}
