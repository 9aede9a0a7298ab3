// Starts all that the bench compares: an agent, and the ways to it.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writePolicies } from "@smartcall/quota/dist/policy/policy-file.js";
import { policiesFrom } from "@smartcall/quota/dist/testing/policies.js";
import { startQuotaProcess } from "@smartcall/quota/dist/testing/quota-process.js";
import { root } from "../checks/repository.ts";
import { startGateway } from "../edge/gateway.ts";
import type { MeshParts } from "../edge/mesh-of.ts";
import { writtenMesh } from "../edge/written-mesh.ts";
import { callable } from "../harness/attach-agent.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { startMesh } from "../harness/mesh.ts";
import { markVariable, processesMarked, processMarked } from "../harness/processes.ts";
import type { ExpressSettings } from "./express-gateway.ts";
import type { Target } from "./load-types.ts";
import { startStaticEnvoy } from "./static-envoy.ts";

/** A certificate with its key, PEM. */
export interface Certificate {
  readonly certificateChain: string;
  readonly privateKey: string;
}

/** One line of the table. */
export interface Row {
  readonly id: RowId;
  readonly name: string;
  readonly target: Target;
  /** Of each process that does the work the id; `gateway`, `sidecar`, `quota`, `agent`. */
  readonly processes: Readonly<Record<string, number>>;
}

/** What they are called in the JSON, and by the ratios. */
export type RowId =
  | "direct"
  | "direct-bare"
  | "envoy"
  | "transcoder"
  | "transcoder-tls"
  | "edge"
  | "edge-grpc"
  | "edge-budget"
  | "edge-sidecar"
  | "express-bare"
  | "express";

/** All of them run. */
export interface Rows {
  readonly rows: readonly Row[];
  stop(): Promise<void>;
}

/** As many as a gateway can count, so that none is refused. */
const requestsPerMinute = 100_000_000;
const limits = `limits: [{ requests: ${requestsPerMinute}, per: minute, by: subject }]`;
const tokens = 1_000_000_000_000;
const meshText = `
mesh: edge-test
agents:
  words: { instances: { static: [$agent] } }
  paid: { instances: { static: [$agent] } }
budgets: { all: { by: subject, tokens: ${tokens}, per: month } }
routes:
  - { name: words, match: { agent: words }, ${limits} }
  - { name: paid, match: { agent: paid }, ${limits}, budget: { of: all, reserve: 400 } }
`;

/** Starts them all; where one does not start, those that did are ended. */
export async function startRows(): Promise<Rows> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.reverse()) await each();
  };
  try {
    return { rows: await start((each) => stops.push(each)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(onStop: (stop: () => unknown) => void): Promise<readonly Row[]> {
  const agent = await program("words-agent", ["alone"], {}, onStop);
  const bareAgent = await program("bare-agent", [], {}, onStop);
  const agentPort = agent.port;

  const folder = mkdtempSync(join(tmpdir(), "smartcall-bench-"));
  onStop(() => rmSync(folder, { recursive: true }));
  const quota = await startQuota(folder, onStop);
  const written = await writtenMesh(meshText, { agent: agentPort });
  let parts: MeshParts | undefined;
  const gateway = await startGateway((given) => {
    parts = given;
    return { ...written(given), quota: [{ kind: "unix", path: quota.path }] };
  });
  onStop(gateway.stop);
  if (parts === undefined) throw new Error("the gateway was given no mesh");
  const { certificate } = parts.gateway.https;
  const token = gateway.token({ lifetimeMs });

  const envoy = await startStaticEnvoy({ agentPort, transcoder: false });
  onStop(envoy.stop);
  const transcoder = await startStaticEnvoy({ agentPort, transcoder: true });
  onStop(transcoder.stop);
  const transcoderTls = await startStaticEnvoy({ agentPort, transcoder: true, certificate });
  onStop(transcoderTls.stop);

  const { issuer } = parts;
  const bySettings = (settings: ExpressSettings) =>
    program("express-gateway", [], { EXPRESS_GATEWAY: JSON.stringify(settings) }, onStop);
  const address = `127.0.0.1:${agentPort}`;
  const expressBare = await bySettings({ agent: address });
  const [audience = ""] = issuer.audiences;
  const { name, keys } = issuer;
  const rules = { issuer: name, audience, keys, scope: "agents:invoke", requestsPerMinute };
  const express = await bySettings({ agent: address, guards: { ...certificate, ...rules } });

  const mesh = await startSidecarMesh(onStop);
  const { ca } = gateway;
  const local = (port: number) => `http://127.0.0.1:${port}`;
  const words = "words";
  const plainAgent = { agent: agent.pid };
  return [
    {
      id: "direct",
      name: "the agent itself, gRPC",
      target: { protocol: "grpc", origin: local(agentPort), agent: words },
      processes: plainAgent,
    },
    {
      id: "direct-bare",
      name: "the same by bare grpc-js, gRPC",
      target: { protocol: "grpc", origin: local(bareAgent.port), agent: words },
      processes: { agent: bareAgent.pid },
    },
    {
      id: "envoy",
      name: "bare Envoy, gRPC",
      target: { protocol: "grpc", origin: envoy.origin, agent: words },
      processes: { gateway: envoy.pid, ...plainAgent },
    },
    {
      id: "transcoder",
      name: "Envoy, transcoder only, HTTP",
      target: { protocol: "rest", origin: transcoder.origin, agent: words },
      processes: { gateway: transcoder.pid, ...plainAgent },
    },
    {
      id: "transcoder-tls",
      name: "Envoy, transcoder only, HTTPS",
      target: { protocol: "rest", origin: transcoderTls.origin, ca, agent: words },
      processes: { gateway: transcoderTls.pid, ...plainAgent },
    },
    {
      id: "edge",
      name: "edge: HTTPS, JWT, scope, limits",
      target: { protocol: "rest", origin: gateway.url, ca, agent: words, token },
      processes: { gateway: gateway.pid, ...plainAgent },
    },
    {
      id: "edge-grpc",
      name: "the same by gRPC",
      target: { protocol: "grpc", origin: gateway.url, ca, agent: words, token },
      processes: { gateway: gateway.pid, ...plainAgent },
    },
    {
      id: "edge-budget",
      name: "the same with a budget, HTTPS",
      target: { protocol: "rest", origin: gateway.url, ca, agent: "paid", token },
      processes: { gateway: gateway.pid, quota: quota.pid, ...plainAgent },
    },
    { id: "edge-sidecar", name: "the same by the sidecar, HTTPS", ...mesh },
    {
      id: "express-bare",
      name: "express by hand, bare, HTTP",
      target: { protocol: "rest", origin: local(expressBare.port), agent: words },
      processes: { gateway: expressBare.pid, ...plainAgent },
    },
    {
      id: "express",
      name: "express by hand, as the edge, HTTPS",
      target: {
        protocol: "rest",
        origin: `https://localhost:${express.port}`,
        ca,
        agent: words,
        token,
      },
      processes: { gateway: express.pid, ...plainAgent },
    },
  ];
}

/** Long enough for all rounds. */
const lifetimeMs = 3_600_000;

/** A program of this folder that says its port. */
async function program(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onStop: (stop: () => unknown) => void,
): Promise<{ readonly pid: number; readonly port: number }> {
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

async function startQuota(folder: string, onStop: (stop: () => unknown) => void) {
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
  return { path: endpoint.path, pid: processMarked(mark, /quota\/dist\/main\.js/) };
}

/** A whole mesh, in which the agent is reached by its sidecar alone. */
async function startSidecarMesh(
  onStop: (stop: () => unknown) => void,
): Promise<Pick<Row, "target" | "processes">> {
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
