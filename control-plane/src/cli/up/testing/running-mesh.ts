// Runs `smartcall up` for tests: a mesh of its own, on free ports, in a folder of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../until.ts";

/** The command line's program. */
export const program = fileURLToPath(new URL("../../../../bin/smartcall.js", import.meta.url));

const echo = fileURLToPath(new URL("../../../../../services/echo", import.meta.url));

/** One start of `smartcall up`. */
export interface Started {
  /** The process that was started: `smartcall up`, or what started it. */
  readonly child: ChildProcess;
  /** All that was printed so far. */
  text(): string;
  /** Waits until something is printed. */
  said(words: string): Promise<void>;
}

/** A mesh that was started, or tried to. */
export interface RunningMesh extends Started {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Starts it once more, in the same folder. */
  again(): Started;
  /** The ids of every process of the mesh that lives, `smartcall up` included. */
  processes(): readonly number[];
  /** Ends all of it and removes the folder. */
  remove(): Promise<void>;
}

/**
 * Starts `smartcall up` with the agent echo.
 *
 * @param shell A shell command to start it with, where `"$@"` is `smartcall up`.
 */
export async function startMesh(
  shell = 'exec "$@"',
  more: NodeJS.ProcessEnv = {},
): Promise<RunningMesh> {
  const folder = mkdtempSync(join(tmpdir(), "up-"));
  const [https, controlPlane, admin, envoyAdmin] = await freePorts();
  writeFileSync(
    join(folder, "mesh.yaml"),
    `mesh: test\ngateway: { https: { port: ${https}, certificate: dev } }\nagents: { echo: {}, slow: {} }\n`,
  );
  const env = {
    ...process.env,
    SMARTCALL_STATE: join(folder, ".smartcall"),
    SMARTCALL_MESH: join(folder, "mesh.yaml"),
    SMARTCALL_CONTROL_PLANE: `127.0.0.1:${controlPlane}`,
    SMARTCALL_ADMIN: `127.0.0.1:${admin}`,
    SMARTCALL_ENVOY_ADMIN: `127.0.0.1:${envoyAdmin}`,
    SMARTCALL_AGENTS: echo,
    ...more,
  };
  const first = spawnUp(folder, env, shell);
  const processes = (): readonly number[] => processesOf(folder);
  return {
    folder,
    env,
    ...first,
    again: () => spawnUp(folder, env, shell),
    processes,
    remove: async () => {
      for (const pid of processes()) kill(pid);
      await soon(
        () => processes().length === 0,
        () => "processes are left",
      );
      rmSync(folder, { recursive: true });
    },
  };
}

function spawnUp(cwd: string, env: NodeJS.ProcessEnv, shell: string): Started {
  const child = spawn("sh", ["-c", shell, "sh", process.execPath, program, "up"], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return {
    child,
    text: () => text,
    said: (words) =>
      soon(
        () => text.includes(words),
        () => `"${words}" was not said in: ${text}`,
      ),
  };
}

/** Waits until it is so; throws where it is not within 20 s. */
export async function soon(isSo: () => boolean, problem: () => string): Promise<void> {
  const { signal } = new AbortController();
  const waited = await until(async () => isSo(), { limitMs: 20_000, signal, everyMs: 20 });
  if (waited !== "ready") throw new Error(problem());
}

/** Kills the process at once. */
export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    return;
  }
}

/** The processes that were given the folder in their environment, and live. */
function processesOf(folder: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).includes(`${folder}/.smartcall`))
    .filter((pid) => !/^State:\s+Z/m.test(read(`/proc/${pid}/status`)))
    .map(Number);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

async function freePorts(): Promise<readonly number[]> {
  const servers = [0, 1, 2, 3].map(() => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
