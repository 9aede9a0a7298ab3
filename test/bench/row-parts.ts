// Starts what stands on the ways that the bench compares: programs, the quota service, a mesh with a sidecar.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writePolicies } from "@smartcall/quota/dist/policy/policy-file.js";
import { policiesFrom } from "@smartcall/quota/dist/testing/policies.js";
import { startQuotaProcess } from "@smartcall/quota/dist/testing/quota-process.js";
import { root } from "../checks/repository.ts";
import { callable } from "../harness/attach-agent.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { startMesh } from "../harness/mesh.ts";
import { markVariable, processesMarked, processMarked } from "../harness/processes.ts";
import type { Row } from "./row-types.ts";

/** Is told how to end each thing that was started. */
export type OnStop = (stop: () => unknown) => void;

/** As many as a gateway can count, so that none is refused. */
export const requestsPerMinute = 100_000_000;
/** The same of a route, in YAML. */
export const limits = `limits: [{ requests: ${requestsPerMinute}, per: minute, by: subject }]`;
/** Of a budget that nobody spends, for a month. */
export const tokens = 1_000_000_000_000;

/** A program that runs. */
export interface Program {
  readonly pid: number;
  readonly port: number;
}

/** A program of this folder that says its port. */
export async function startProgram(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onStop: OnStop,
): Promise<Program> {
  const child = startChild(process.execPath, [programAt(name), ...args], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", ...env },
  });
  onStop(() => endGroup(child));
  await child.says(/^port \d+$/m);
  return { pid: child.pid, port: Number(/^port (\d+)$/m.exec(child.output())?.[1]) };
}

function programAt(name: string): string {
  return fileURLToPath(new URL(`${name}.js`, import.meta.url));
}

/** A quota service of budgets that nobody spends, in a folder that is there. */
export async function startQuota(
  folder: string,
  onStop: OnStop,
): Promise<{ readonly path: string; readonly pid: number }> {
  const policies = policiesFrom({
    mesh: "edge-test",
    budgets: { all: ["subject", tokens, "tokens", "month"] },
    routes: { paid: { budget: ["all", 400, 1] } },
  });
  writePolicies(join(folder, "quota", "policies"), policies);
  const mark = randomUUID();
  const service = await startQuotaProcess(folder, { env: { [markVariable]: mark } });
  onStop(() => service.end("SIGTERM"));
  const { endpoint } = service;
  if (endpoint.kind !== "socket") throw new Error("the quota service has no socket");
  return { path: endpoint.path, pid: processMarked(mark, /quota\/dist\/(bundle\/)?main\.js/) };
}

/** A whole mesh, in which the agent is reached by its sidecar alone. */
export async function startSidecarMesh(onStop: OnStop): Promise<Pick<Row, "target" | "processes">> {
  const mesh = await startMesh({
    services: [],
    listed: ["words"],
    routes: [`{ name: words, match: { agent: words }, ${limits} }`],
  });
  onStop(mesh.stop);
  const mark = randomUUID();
  const agent: Child = startChild(process.execPath, [programAt("words-agent")], {
    cwd: mesh.folder,
    env: { ...mesh.env, [markVariable]: mark },
  });
  onStop(() => endGroup(agent));
  await callable(mesh, "words", "ready?");
  const token = await mesh.token();
  const [sidecar] = processesMarked(mark).filter(({ command }) => isEnvoy.test(command));
  if (sidecar === undefined) throw new Error("the agent has no sidecar");
  return {
    target: { protocol: "rest", origin: mesh.url, ca: mesh.ca, agent: "words", token },
    processes: {
      gateway: processMarked(mesh.mark, isEnvoy),
      sidecar: sidecar.pid,
      agent: agent.pid,
    },
  };
}

const isEnvoy = /envoy\S* .*--config-path/;
