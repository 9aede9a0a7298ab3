// A whole agent process, from its settings to its end.

import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import {
  createLog,
  endByBug,
  type Log,
  onEnd,
  readSettings,
  type SettingValues,
  systemClock,
} from "@smartcall/runtime";
import type { Agent } from "./agent.ts";
import { type RunningSidecar, startSidecar } from "./sidecar/start-sidecar.ts";

/** The settings of an agent's process. */
export const settingNames = [
  "controlPlane",
  "trust",
  "joinTokenFile",
  "stateFolder",
  "envoyBin",
  "sidecar",
  "zone",
  "labels",
  "logLevel",
] as const;
type Values = Pick<SettingValues, (typeof settingNames)[number]>;

const agentName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Runs the agent as this process: starts its sidecar, serves its calls on a Unix socket that
 * only that one knows, joins the mesh, and on SIGTERM, SIGINT or the parent's death leaves
 * it: no new calls, those that run end, then the sidecar, then exit. Bad settings: one
 * sentence each on standard error, exit code 2. No Envoy, or another reason why there can be
 * no sidecar: one sentence, exit code 1. An agent that cannot start: logged, exit code 1.
 */
export function serveAgent(agent: Agent): void {
  const settings = readSettings(settingNames, {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
  });
  const problems = [...(settings.ok ? [] : settings.problems), ...nameProblems(agent.name)];
  if (!settings.ok || problems.length > 0) {
    for (const problem of problems) console.error(problem);
    process.exitCode = 2;
    return;
  }
  const log = createLog(agent.name, settings.values.logLevel);
  endByBug(log);
  run(agent, settings.values, log).catch((error: unknown) => {
    log.fatal({ err: error }, "the agent cannot start");
    process.exit(1);
  });
}

async function run(agent: Agent, settings: Values, log: Log): Promise<void> {
  let leave = (): Promise<void> => Promise.resolve();
  onEnd(log, async () => {
    await leave();
    await agent.stop?.();
  });
  let isServing = true;
  let setServing = (_: boolean): void => undefined;
  const instance = `${agent.name}-${randomUUID()}`;
  const sidecar = await sidecarOf(agent.name, instance, settings, log);
  // What serves calls is loaded while the sidecar starts, which takes longer.
  const [{ joinMesh }] = await Promise.all([
    import("./join-mesh.ts"),
    agent.start?.(log, {
      set(value) {
        isServing = value;
        setServing(value);
      },
    }),
  ]);
  const joined = await joinMesh(agent, { instance, sidecar, settings, log });
  ({ leave, setServing } = joined);
  if (!isServing) setServing(false);
}

/** Ends the process with a sentence where there can be none. */
async function sidecarOf(
  agent: string,
  instance: string,
  settings: Values,
  log: Log,
): Promise<RunningSidecar> {
  const { PATH: path } = process.env;
  const sidecar = await startSidecar({
    agent,
    instance,
    settings,
    place: { cwd: process.cwd(), path, tmp: tmpdir() },
    log,
    clock: systemClock,
    random: Math.random,
  });
  if (typeof sidecar === "string") {
    console.error(sidecar);
    process.exit(1);
  }
  // However the process ends, but by a kill.
  process.on("exit", () => sidecar.folder.remove());
  return sidecar;
}

function nameProblems(name: string): readonly string[] {
  // Whom a gateway calls is told so in the place of an agent's name.
  if (agentName.test(name) && name !== "gateway") return [];
  return [
    `"${name}" is no agent's name: take lower-case letters, digits and dashes, at most 63, and not "gateway".`,
  ];
}
