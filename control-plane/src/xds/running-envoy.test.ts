// A real Envoy on free ports, and a caller that never rests.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { edgeBootstrap, envoyArguments, findEnvoy } from "@smartcall/envoy";
import { freePort as freePortOf, passingPorts } from "@smartcall/runtime";
import type { Variant } from "./variant.ts";

/** A real Envoy. */
export interface RunningEnvoy {
  /** One page of its admin interface. */
  admin(path: string): Promise<string>;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Starts Envoy against a control plane that takes the token `join`. */
export async function startEnvoy(
  xdsPort: number,
  nodeId = "edge-1",
  variant: Variant = "delta",
): Promise<RunningEnvoy> {
  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const found = await findEnvoy({ envoyBin, path, root });
  if (!found.ok) throw new Error(found.problem);
  const folder = await mkdtemp(join(tmpdir(), "smartcall-xds-"));
  const port = await freePort();
  const local = (at: number) => ({ host: "127.0.0.1", port: at });
  const file = join(folder, "bootstrap.json");
  const bootstrap = edgeBootstrap({
    nodeId,
    controlPlane: local(xdsPort),
    joinToken: "join",
    admin: local(port),
  });
  const spoken = variant === "delta" ? bootstrap : bootstrap.replace('"DELTA_GRPC"', '"GRPC"');
  await writeFile(file, spoken, { mode: 0o600 });
  // A listener of a mesh is a socket where Envoy runs.
  const where = { cwd: folder, stdio: "ignore" } as const;
  const envoy = spawn(found.binary.path, envoyArguments(file, 60), where);
  return {
    admin: async (page) => (await fetch(`http://127.0.0.1:${port}${page}`)).text(),
    stop: async () => {
      await ended(envoy);
      await rm(folder, { recursive: true });
    },
  };
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const port = await freePortOf(passingPorts, Math.random);
  if (port === undefined) throw new Error("no free port");
  return port;
}

/** One call; its body, or what went wrong. */
export function call(port: number, agent?: Agent, host = "127.0.0.1"): Promise<string> {
  return new Promise((resolve) => {
    get({ host: "127.0.0.1", port, path: "/", agent, headers: { host } }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += String(chunk);
      });
      response.on("end", () =>
        resolve(response.statusCode === 200 ? body : `${response.statusCode} ${body}`),
      );
    }).on("error", (error) => resolve(error.message));
  });
}

/** Calls as fast as four connections can, until it is stopped; tells how often each answer came. */
export function callWithoutRest(port: number): () => Promise<ReadonlyMap<string, number>> {
  const answers = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });
  let resting = false;
  const worker = async (): Promise<void> => {
    while (!resting) {
      const answer = await call(port, agent);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  const workers = [worker(), worker(), worker(), worker()];
  return async () => {
    resting = true;
    await Promise.all(workers);
    agent.destroy();
    return answers;
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
