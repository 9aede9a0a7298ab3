// What `smartcall up` runs: the control plane, the quota service, the edge Envoy and what is beside it, and each agent.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { edgeBootstrap, envoyArguments } from "@smartcall/envoy";
import { type Address, type LocalEndpoint, settings } from "@smartcall/runtime";
import type { AgentFolder } from "./agent-folder.ts";
import { environmentOf } from "./environment.ts";
import { programFile } from "./program-file.ts";
import type { ProcessPlan } from "./supervised.ts";

/** What the plans are made from. */
export interface Layout {
  readonly stateFolder: string;
  readonly meshFile: string;
  readonly controlPlane: Address;
  readonly admin: Address;
  readonly adminCertificate: string | undefined;
  readonly envoyAdmin: Address;
  /** Where the quota service that is started listens. */
  readonly quota: LocalEndpoint;
  /** How long streams may run on while their listener is replaced, in seconds. */
  readonly drainSeconds: number;
  /** Where this machine is: the gateway asks instances of this zone first. */
  readonly zone: string;
  readonly logLevel: string;
  readonly env: NodeJS.ProcessEnv;
  /** The variables that the mesh takes keys from, or took since the start. */
  readonly keyVariables: ReadonlySet<string>;
}

/**
 * With room for what a large mesh is made of, the garbage collector does not copy it
 * about; with some of it from the beginning, it does not while modules are loaded. With less than 1 GB (V8 takes that for a small machine) it lets the heap grow
 * to twice of what is in use, not to four times; the largest mesh needs half of it.
 */
export const controlPlaneHeap = [
  "--min-semi-space-size=16",
  "--max-semi-space-size=32",
  "--max-old-space-size=1000",
] as const;

/** The control plane's process. */
export function controlPlanePlan(layout: Layout): ProcessPlan {
  const main = fileURLToPath(new URL("../../main.js", import.meta.url));
  return {
    name: "control plane",
    command: process.execPath,
    get args() {
      return [...controlPlaneHeap, programFile(main)];
    },
    cwd: layout.stateFolder,
    env: environmentOf(layout, "control plane"),
    logFile: logFile(layout, "control-plane"),
    watchesUs: true,
    endMs: 2_000,
  };
}

/** The quota service's process. */
export function quotaPlan(layout: Layout): ProcessPlan {
  return {
    name: "quota",
    command: process.execPath,
    get args() {
      return [programFile(fileURLToPath(import.meta.resolve("@smartcall/quota")))];
    },
    cwd: layout.stateFolder,
    get env() {
      return environmentOf(layout, "quota");
    },
    logFile: logFile(layout, "quota"),
    watchesUs: true,
    endMs: 5_000,
  };
}

/** The folder that a gateway's Envoy runs in; other users cannot look into it. */
export function gatewayFolder(stateFolder: string, name: string): string {
  const folder = join(stateFolder, "gateways", name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** The process that holds the WebSockets of the gateway of a folder; it lets turns end for the drain time. */
export function realtimeProcess(
  name: string,
  folder: string,
  around: Pick<Layout, "drainSeconds"> & Pick<ProcessPlan, "env" | "logFile">,
): ProcessPlan {
  const { drainSeconds } = around;
  return {
    name,
    command: process.execPath,
    get args() {
      return [programFile(fileURLToPath(import.meta.resolve("@smartcall/realtime")))];
    },
    cwd: folder,
    get env() {
      return {
        ...around.env,
        [settings.gatewayFolder.variable]: folder,
        [settings.drain.variable]: `${drainSeconds}s`,
      };
    },
    logFile: around.logFile,
    watchesUs: true,
    // It ends by itself before.
    endMs: drainSeconds * 1_000 + 2_000,
  };
}

/** The one beside the edge Envoy. */
export function realtimePlan(layout: Layout): ProcessPlan {
  return realtimeProcess("realtime", gatewayFolder(layout.stateFolder, edgeName), {
    get env() {
      return environmentOf(layout, "nobody");
    },
    drainSeconds: layout.drainSeconds,
    logFile: logFile(layout, "realtime"),
  });
}

/** What the gateway is called that `smartcall up` runs. */
const edgeName = "edge";

/** The edge Envoy's process; writes its bootstrap into the state folder. */
export function envoyPlan(layout: Layout, binary: string, joinToken: string): ProcessPlan {
  const file = join(layout.stateFolder, "envoy", "edge.json");
  const bootstrap = edgeBootstrap({
    nodeId: edgeName,
    controlPlane: layout.controlPlane,
    joinToken,
    admin: layout.envoyAdmin,
    zone: layout.zone,
  });
  writeFileSync(file, bootstrap, { mode: 0o600 });
  const { stateFolder, drainSeconds } = layout;
  return envoyProcess("Envoy", binary, file, {
    folder: gatewayFolder(stateFolder, edgeName),
    get env() {
      return environmentOf(layout, "nobody");
    },
    drainSeconds,
    logFile: logFile(layout, "envoy"),
  });
}

/** The process of an Envoy with its bootstrap file. */
export function envoyProcess(
  name: string,
  binary: string,
  bootstrapFile: string,
  around: Pick<Layout, "env" | "drainSeconds"> &
    Pick<ProcessPlan, "logFile"> & { readonly folder: string },
): ProcessPlan {
  return {
    name,
    command: binary,
    args: envoyArguments(bootstrapFile, around.drainSeconds),
    cwd: around.folder,
    get env() {
      return around.env;
    },
    logFile: around.logFile,
    // Envoy ends with the thread that started it, by its parent-death signal.
    watchesUs: false,
    endMs: 1_000,
  };
}

/** An agent's process, which starts its own sidecar: the same Envoy, found once for all. */
export function agentPlan(layout: Layout, agent: AgentFolder, binary: string): ProcessPlan {
  return {
    name: agent.name,
    command: process.execPath,
    args: agent.args,
    cwd: agent.folder,
    get env() {
      return { ...environmentOf(layout, "nobody"), [settings.envoyBin.variable]: binary };
    },
    logFile: logFile(layout, agent.name),
    watchesUs: true,
    endMs: 5_000,
  };
}

/** The folder of all logs. */
export const logFolder = (layout: Layout): string => join(layout.stateFolder, "logs");

function logFile(layout: Layout, name: string): string {
  return join(logFolder(layout), `${name}.log`);
}
