// A real Redis for a test, in a folder of its own and on a free port.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, passingPorts } from "@smartcall/runtime";

/** A Redis that runs. */
export interface RedisServer {
  readonly url: string;
  /** Kills it at once, as a failing machine does. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what it wrote. */
  start(): Promise<void>;
  /** Ends it and removes what it wrote. */
  stop(): Promise<void>;
}

/** Starts a Redis that writes every change to its disk. Throws where there is none. */
export async function startRedis(...options: readonly string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "smartcall-redis-"));
  const port = await freePort(passingPorts, Math.random);
  if (port === undefined) throw new Error("no free port for redis-server");
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = await launch(folder, port, options);
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(
  folder: string,
  port: number,
  options: readonly string[],
): Promise<ChildProcess> {
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const where = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder];
  const child = spawn("redis-server", [...where, ...durable, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await new Promise<string>((resolve) => {
    let text = "";
    child.once("error", (error) => resolve(error.message));
    child.once("exit", () => resolve(text));
    child.stdout?.on("data", (chunk) => {
      text += String(chunk);
      if (text.includes("Ready to accept connections")) resolve("");
    });
  });
  if (said === "") return child;
  const missing = said.includes("ENOENT");
  throw new Error(missing ? "redis-server is not installed: run `make deps` as root." : said);
}
