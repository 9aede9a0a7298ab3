// `smartcall up`: checks, starts, greets, and stays until the end.

import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  createLog,
  formatAddress,
  onEnd,
  parentVariable,
  readRun,
  removeRun,
  settings,
  writeRun,
} from "@smartcall/runtime";
import { instancesName } from "../../source/leases/index.ts";
import { authorityCertificateName } from "../../state/index.ts";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { mintLocalToken } from "../local-token.ts";
import { localUrl } from "../remote/server.ts";
import { greeting } from "./greeting.ts";
import { takeLock } from "./lock.ts";
import { boundLog } from "./log-file.ts";
import { MeshProcesses } from "./mesh-processes.ts";
import { type Layout, logFolder } from "./plans.ts";
import { makeStateFolder, type Prepared, prepare, type UpSettings } from "./prepare.ts";
import { stages } from "./start-steps.ts";
import { type Terminal, terminal } from "./terminal.ts";
import { onTerminalGone } from "./terminal-gone.ts";
import { edgeUrl } from "./urls.ts";

/** How long the greeting's token lasts. */
const tokenHours = 12;
const boundLogsEveryMs = 10_000;

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
  const layout = layoutOf(values);
  const mesh = new MeshProcesses(screen);
  const logFile = join(logFolder(layout), "up.log");
  const log = createLog("up", values.logLevel, { write: (line) => append(logFile, line) });
  process.on("exit", () => {
    mesh.kill();
    removeRun(values.stateFolder);
  });
  process.env[parentVariable] ??= `${process.ppid}`;
  onEnd(log, async (reason) => {
    screen.say(`\nStopping (${reason}) …`);
    await mesh.stop();
    screen.say("Stopped. Nothing is left running.");
  });
  onTerminalGone(() => process.kill(process.pid, "SIGHUP"));

  // Those that a mesh left behind when it was killed are not there any more.
  rmSync(join(layout.stateFolder, instancesName), { force: true });
  screen.say(`Starting the mesh "${prepared.mesh.name}" …`);
  for (const stage of stages(layout, prepared)) {
    const problem = await mesh.start(stage);
    if (problem !== undefined) {
      await mesh.stop();
      return ended("failed", problem);
    }
  }
  const died = mesh.keep();
  if (died !== undefined) {
    await mesh.stop();
    return ended("failed", died);
  }
  const welcome = await greet(layout, prepared, screen);
  if (!welcome.ok) {
    await mesh.stop();
    return ended("failed", welcome.problem);
  }
  log.info({ mesh: prepared.mesh.name }, "ready");
  setInterval(() => {
    for (const file of [...mesh.logFiles(), logFile]) boundLog(file);
  }, boundLogsEveryMs);
  return new Promise(() => undefined);
}

type Welcome = { readonly ok: true } | { readonly ok: false; readonly problem: string };

async function greet(layout: Layout, prepared: Prepared, screen: Terminal): Promise<Welcome> {
  const minted = await mintLocalToken(layout.stateFolder, {
    mesh: prepared.mesh.name,
    lifetimeMs: tokenHours * 3_600_000,
  });
  if (!minted.ok) return { ok: false, problem: minted.problem };
  const url = edgeUrl(prepared.mesh);
  const ca = join(layout.stateFolder, authorityCertificateName);
  writeRun(layout.stateFolder, {
    pid: process.pid,
    mesh: prepared.mesh.name,
    meshFile: layout.meshFile,
    url,
    controlPlane: formatAddress(layout.controlPlane),
    admin: formatAddress(layout.admin),
    adminCertificate: layout.adminCertificate,
    envoyAdmin: formatAddress(layout.envoyAdmin),
    ca,
  });
  const about = {
    mesh: prepared.mesh.name,
    url,
    ca,
    token: minted.token.token,
    tokenHours,
    agents: prepared.agents.map(({ name }) => name),
    admin: localUrl(layout.admin),
    logs: logFolder(layout),
  };
  for (const line of greeting(about, screen)) screen.say(line);
  return { ok: true };
}

function layoutOf(values: UpSettings): Layout {
  const given = {
    [settings.model.variable]: values.model,
    [settings.adminNames.variable]: values.adminNames.join(","),
    [settings.adminCertificate.variable]: values.adminCertificate,
    [settings.adminKey.variable]: values.adminKey,
  };
  return {
    stateFolder: values.stateFolder,
    meshFile: values.meshFile,
    controlPlane: values.controlPlane,
    admin: values.adminAddress,
    adminCertificate: values.adminCertificate,
    envoyAdmin: values.envoyAdminAddress,
    logLevel: values.logLevel,
    env: { ...process.env, ...given },
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
