// The control plane's real process with a mesh of many agents, and nothing else of the mesh.
import { type ChildProcess, fork } from "node:child_process";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { controlPlaneHeap } from "@smartcall/control-plane/dist/cli/up/plans.js";
import { eventually } from "../harness/eventually.ts";
import { freePorts } from "../harness/ports.ts";
import { type AttachedInstance, attachBySidecar } from "./attach-by-sidecar.ts";
import { agentName } from "./large-mesh.ts";
import type { Held } from "./xds-probe.ts";

/** A control plane that runs. */
export interface BenchedControlPlane {
  readonly pid: number;
  readonly process: ChildProcess;
  readonly port: number;
  /** Where it keeps what it keeps. */
  readonly stateFolder: string;
  /** All that it has logged. */
  log(): string;
  /** Whether its process lives. */
  alive(): boolean;
  /** Resolves with it once there is one: the process writes it at its first start. */
  joinToken(): Promise<string>;
  /** Resolves once it listens for nodes. */
  listening(): Promise<void>;
  /** What it holds once its garbage is collected. */
  held(): Promise<Held>;
  /** Saves its mesh.yaml with a route that asks for another scope each time, and as many agents. */
  editRoute(edit: number, agents?: number): void;
  /** An instance of the agent `echo`, which can say that it is well or not. */
  attach(): Promise<AttachedInstance>;
  stop(): Promise<void>;
}

const main = fileURLToPath(import.meta.resolve("@smartcall/control-plane/dist/main.js"));
const probe = new URL("xds-probe.js", import.meta.url).href;

/** Starts it; it may not listen yet. */
export async function startControlPlane(
  clusters: number,
  logLevel = "info",
): Promise<BenchedControlPlane> {
  const [port = 0, admin = 0] = await freePorts(2);
  const folder = mkdtempSync(join(tmpdir(), "smartcall-bench-"));
  const meshFile = join(folder, "mesh.yaml");
  writeFileSync(meshFile, meshOf(clusters, 0));
  const log = openSync(join(folder, "log"), "w");
  const child: ChildProcess = fork(main, [], {
    cwd: folder,
    // As `smartcall up` starts it.
    execArgv: [
      ...controlPlaneHeap,
      "--expose-gc",
      "--import",
      probe,
      ...(process.env["BENCH_NODE_ARGS"]?.split(" ") ?? []),
    ],
    env: {
      ...process.env,
      SMARTCALL_CONTROL_PLANE: `127.0.0.1:${port}`,
      SMARTCALL_ADMIN: `127.0.0.1:${admin}`,
      SMARTCALL_STATE: join(folder, "state"),
      SMARTCALL_MESH: meshFile,
      SMARTCALL_LOG_LEVEL: logLevel,
    },
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error("the control plane does not start");
  const joinToken = (): Promise<string> =>
    eventually(() => {
      const token = readFileSync(join(folder, "state", "join-token"), "utf8").trim();
      if (token === "") throw new Error("no token yet");
      return token;
    });
  return {
    pid,
    process: child,
    port,
    stateFolder: join(folder, "state"),
    log: () => readFileSync(join(folder, "log"), "utf8"),
    alive: () => child.exitCode === null && child.signalCode === null,
    joinToken,
    async listening() {
      await eventually(
        () => {
          if (!readFileSync(join(folder, "log"), "utf8").includes('"ready"')) {
            throw new Error("the control plane is not ready");
          }
        },
        { withinMs: 60_000 },
      );
    },
    held: () =>
      new Promise((resolve) => {
        const hear = (message: Held): void => {
          if (message.kind !== "held") return;
          child.off("message", hear);
          resolve(message);
        };
        child.on("message", hear);
        child.send("held");
      }),
    editRoute(edit, agents = clusters) {
      writeFileSync(`${meshFile}.saved`, meshOf(agents, edit));
      renameSync(`${meshFile}.saved`, meshFile);
    },
    attach: async () => attachBySidecar("echo", { port, joinToken: await joinToken() }),
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      if (process.env["BENCH_KEEP"] === undefined) rmSync(folder, { recursive: true });
      else console.log(`kept ${folder}`);
    },
  };
}

/** The scope that the route asks for after an edit; in no table of another. */
export function editName(edit: number): string {
  return `edit-${String(edit).padStart(4, "0")}`;
}

/** Agents at addresses of their own, `echo` that registers itself, and one route. */
function meshOf(clusters: number, edit: number): string {
  const lines = ["mesh: test", "gateway: { https: { port: 8443 } }", "agents:", "  echo: {}"];
  for (let agent = 1; agent < clusters; agent++) {
    lines.push(`  ${agentName(agent)}: { instances: { static: ["127.0.0.1:${10_000 + agent}"] } }`);
  }
  lines.push(
    "routes:",
    "  - name: first",
    "    match: { agent: echo }",
    `    allow: { scopes: [agents:invoke, ${editName(edit)}] }`,
  );
  return `${lines.join("\n")}\n`;
}
