// Starts all that the bench compares: an agent, and the ways to it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGateway } from "../edge/gateway.ts";
import type { MeshParts } from "../edge/mesh-of.ts";
import { writtenMesh } from "../edge/written-mesh.ts";
import type { ExpressSettings } from "./express-gateway.ts";
import {
  limits,
  type OnStop,
  requestsPerMinute,
  startProgram,
  startQuota,
  startSidecarMesh,
  tokens,
} from "./row-parts.ts";
import type { Row } from "./row-types.ts";
import { startStaticEnvoy } from "./static-envoy.ts";

/** All of them run. */
export interface Rows {
  readonly rows: readonly Row[];
  stop(): Promise<void>;
}

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

async function start(onStop: OnStop): Promise<readonly Row[]> {
  const agent = await startProgram("words-agent", ["alone"], {}, onStop);
  const bareAgent = await startProgram("bare-agent", [], {}, onStop);
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
    startProgram("express-gateway", [], { EXPRESS_GATEWAY: JSON.stringify(settings) }, onStop);
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
