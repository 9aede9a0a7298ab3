// The quota service as a process of its own, for tests that kill it.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LocalEndpoint } from "@smartcall/runtime";

/** A process that listens. */
export interface QuotaProcess {
  readonly endpoint: LocalEndpoint;
  /** Its log so far. */
  log(): string;
  /** Resolves with its exit code, or the signal it died of. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

/** Starts it in a state folder and waits until it is ready; throws with its log where it ends instead. */
export async function startQuotaProcess(
  stateFolder: string,
  options: {
    readonly name?: string;
    readonly redisUrl?: string;
    readonly env?: NodeJS.ProcessEnv;
  } = {},
): Promise<QuotaProcess> {
  const path = join(stateFolder, `${options.name ?? "quota"}.sock`);
  const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
  const child = spawn(process.execPath, [program], {
    cwd: stateFolder,
    env: {
      PATH: process.env["PATH"],
      SMARTCALL_STATE: stateFolder,
      SMARTCALL_QUOTA: path,
      // Nobody listens there: it goes by what it kept.
      SMARTCALL_CONTROL_PLANE: "127.0.0.1:1",
      ...(options.redisUrl !== undefined && { REDIS_URL: options.redisUrl }),
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const add = (chunk: unknown): void => {
    log += String(chunk);
  };
  child.stdout.on("data", add);
  child.stderr.on("data", add);
  await ready(child, () => log);
  return {
    endpoint: { kind: "socket", path },
    log: () => log,
    async end(signal) {
      const ended = once(child, "exit");
      child.kill(signal);
      const [code, by]: unknown[] = await ended;
      return typeof code === "number" ? code : String(by);
    },
  };
}

function ready(child: ChildProcess, log: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`exit code ${code}: ${log()}`)));
    child.stdout?.on("data", () => {
      if (log().includes('"msg":"ready"')) resolve();
    });
  });
}
