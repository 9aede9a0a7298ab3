// `smartcall up`: checks, starts, greets, and stays until the end.

import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  createLog,
  formatAddress,
  formatEndpoint,
  onEnd,
  parentVariable,
  readRun,
  removeRun,
  type ServedEdge,
  settings,
} from "@smartcall/runtime";
import { instancesName } from "../../state/well-known.ts";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { announce, edgeListens } from "./announce.ts";
import { takeLock } from "./lock.ts";
import { boundLog } from "./log-file.ts";
import { MeshProcesses } from "./mesh-processes.ts";
import { type Layout, logFolder } from "./plans.ts";
import { makeStateFolder, type Prepared, prepare, type UpSettings } from "./prepare.ts";
import { type Stages, stages } from "./start-steps.ts";
import { type Terminal, terminal } from "./terminal.ts";
import { onTerminalGone } from "./terminal-gone.ts";

const boundLogsEveryMs = 10_000;
/** The longest that all may take to end but those that wait for the drain time, in milliseconds. */
const othersEndMs = 20_000;

/** Runs the mesh; resolves only where it did not start. */
export async function up(values: UpSettings): Promise<CommandEnd> {
  const screen = terminal(process.stdout, process.env);
  const unusable = await makeStateFolder(values.stateFolder);
  if (unusable !== undefined) return ended("failed", unusable);
  const lock = takeLock(values.stateFolder);
  if (!lock.ok) {
    sayRunning(values.stateFolder, lock.pid, screen);
    return done;
  }
  removeRun(values.stateFolder);
  process.on("exit", lock.release);

  const ready = await prepare(values);
  if (!ready.ok) return ended("failed", ...ready.problems);
  return run(values, ready.prepared, screen);
}

async function run(values: UpSettings, prepared: Prepared, screen: Terminal): Promise<CommandEnd> {
  const keyVariables = new Set(prepared.mesh.keyVariables);
  const layout = layoutOf(values, keyVariables);
  let { edge } = prepared.mesh;
  let moved: (to: ServedEdge) => void = () => undefined;
  const follow = (served: ServedEdge): void => {
    if (isDeepStrictEqual(served, edge)) return;
    edge = served;
    moved(served);
  };
  let told = (): void => undefined;
  const toldNames = new Promise<void>((resolve) => {
    told = resolve;
  });
  const mesh = new MeshProcesses(screen, follow, (names) => {
    for (const name of names) keyVariables.add(name);
    told();
  });
  const logFile = join(logFolder(layout), "up.log");
  const log = createLog("up", values.logLevel, { write: (line) => append(logFile, line) });
  process.on("exit", () => {
    mesh.kill();
    removeRun(values.stateFolder);
  });
  process.env[parentVariable] ??= `${process.ppid}`;
  const end = async (reason: string): Promise<void> => {
    screen.say(`\nStopping (${reason}) …`);
    await mesh.stop();
    screen.say("Stopped. Nothing is left running.");
  };
  onEnd(log, end, values.drain * 1_000 + othersEndMs);
  onTerminalGone(() => process.kill(process.pid, "SIGHUP"));

  // Those that a mesh left behind when it was killed are not there any more.
  rmSync(join(layout.stateFolder, instancesName), { force: true });
  screen.say(`Starting the mesh "${prepared.mesh.name}" …`);
  const problem = await startAll(
    mesh,
    stages(layout, prepared, () => edge),
    toldNames,
  );
  if (problem !== undefined) {
    await mesh.stop();
    return ended("failed", problem);
  }
  const died = mesh.keep();
  if (died !== undefined) {
    await mesh.stop();
    return ended("failed", died);
  }
  const agents = prepared.agents.map(({ name }) => name);
  const unannounced = await announce(layout, edge, agents, screen);
  if (unannounced !== undefined) {
    await mesh.stop();
    return ended("failed", unannounced);
  }
  moved = (to) => {
    const tell = async (): Promise<void> => {
      await edgeListens(layout, to);
      const problem = to === edge ? await announce(layout, to, agents, screen) : undefined;
      if (problem !== undefined) screen.bad(problem);
    };
    tell().catch((error: unknown) => log.error({ err: error }, "a move was not announced"));
  };
  log.info({ mesh: prepared.mesh.name }, "ready");
  setInterval(() => {
    for (const file of [...mesh.logFiles(), logFile]) boundLog(file);
  }, boundLogsEveryMs);
  return new Promise(() => undefined);
}

/**
 * Starts them in their order, and waits until all are ready.
 *
 * @param toldNames resolves once it is known which variables are for the control plane alone
 * @returns why they are not: one sentence, if so
 */
async function startAll(
  mesh: MeshProcesses,
  { first, told, last }: Stages,
  toldNames: Promise<void>,
): Promise<string | undefined> {
  const served = mesh.start(first);
  const untold = await Promise.race([toldNames, served]);
  if (untold !== undefined) return untold;
  const loading = mesh.start(told);
  const unserved = await served;
  const problems = [unserved, await (unserved ?? mesh.start(last)), await loading];
  return problems.find((problem) => problem !== undefined);
}

function layoutOf(values: UpSettings, keyVariables: ReadonlySet<string>): Layout {
  const quota = values.quotaListen ?? values.quota[0];
  const given = {
    [settings.model.variable]: values.model,
    [settings.adminNames.variable]: values.adminNames.join(","),
    [settings.nodes.variable]: values.nodes && formatAddress(values.nodes),
    [settings.nodeNames.variable]: values.nodeNames.join(","),
    [settings.adminCertificate.variable]: values.adminCertificate,
    [settings.adminKey.variable]: values.adminKey,
    [settings.quota.variable]: values.quota.map(formatEndpoint).join(","),
    [settings.quotaListen.variable]: formatEndpoint(quota),
    [settings.redisUrl.variable]: values.redisUrl,
  };
  return {
    stateFolder: values.stateFolder,
    meshFile: values.meshFile,
    controlPlane: values.controlPlane,
    admin: values.adminAddress,
    adminCertificate: values.adminCertificate,
    envoyAdmin: values.envoyAdminAddress,
    quota,
    drainSeconds: values.drain,
    zone: values.zone,
    logLevel: values.logLevel,
    env: { ...process.env, ...given },
    keyVariables,
  };
}

function sayRunning(stateFolder: string, pid: number, screen: Terminal): void {
  const run = readRun(stateFolder);
  const what = run === undefined ? "The mesh is starting already" : `The mesh "${run.mesh}" runs`;
  const where = run === undefined ? "" : ` at ${run.url}`;
  screen.say(`${what}${where} (process ${pid}). Ctrl-C in its terminal stops it, or: kill ${pid}`);
}

function append(file: string, line: string): void {
  try {
    appendFileSync(file, line, { mode: 0o600 });
  } catch {
    return;
  }
}
