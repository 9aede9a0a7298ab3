// An agent without the kit on a Unix socket, and a real Envoy beside it.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  findEnvoy,
  instanceSockets,
  sidecarArguments,
  sidecarBootstrap,
  sidecarBootstrapFile,
} from "@smartcall/envoy";
import { root } from "../checks/repository.ts";
import { type ObedientAgent, startObedientAgent } from "../edge/obedient-agent.ts";
import { endGroup, startChild } from "../harness/child.ts";
import { freePorts } from "../harness/ports.ts";

/** A running instance. */
export interface TestSidecar {
  readonly agent: string;
  /** Where others call it. */
  readonly port: number;
  readonly egressPort: number;
  /** What it is behind the sidecar. */
  readonly instance: ObedientAgent;
  /** How the agent's own program calls others: a gRPC target. */
  readonly calls: string;
  /** What Envoy wrote. */
  output(): string;
  /** A page of Envoy's own. */
  admin(path: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts it; Envoy gets its resources in its own time, and nobody holds a lease of it. */
export async function startSidecar(
  agent: string,
  controlPlane: { readonly host: string; readonly port: number },
  joinToken = "join",
): Promise<TestSidecar> {
  const folder = await mkdtemp(join(tmpdir(), "smartcall-"));
  const [port = 0, egressPort = 0] = await freePorts(2);
  const instance = await startObedientAgent({
    address: `unix:${join(folder, instanceSockets.agent)}`,
  });
  const bootstrap = sidecarBootstrap({
    agent,
    instance: "one",
    controlPlane,
    joinToken,
    inboundPort: port,
    egressPort,
  });
  await writeFile(join(folder, sidecarBootstrapFile), bootstrap, { mode: 0o600 });
  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const found = await findEnvoy({ envoyBin, path, root });
  if (!found.ok) throw new Error(found.problem);
  const envoy = startChild(found.binary.path, sidecarArguments(agent), { cwd: folder, env: {} });
  return {
    agent,
    port,
    egressPort,
    instance,
    calls: `unix:${join(folder, instanceSockets.calls)}`,
    output: envoy.output,
    admin: (page) => read(join(folder, instanceSockets.admin), page),
    async stop() {
      await endGroup(envoy);
      instance.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function read(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => resolve(text)).on("error", reject);
    });
    asked.on("error", reject).end();
  });
}
