// Starts all that the bench compares: an agent, and the ways to it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGateway, type TestGateway } from "../edge/gateway.ts";
import type { MeshParts } from "../edge/mesh-of.ts";
import { writtenMesh } from "../edge/written-mesh.ts";
import type { ExpressSettings } from "./express-gateway.ts";
import {
  limits,
  type OnStop,
  type Program,
  requestsPerMinute,
  startProgram,
  startQuota,
  startSidecarMesh,
  tokens,
} from "./row-parts.ts";
import { type Row, type RowId, rowIds } from "./row-types.ts";
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

/** Starts those that are wanted; where one does not start, those that did are ended. */
export async function startRows(wanted: readonly RowId[] = rowIds): Promise<Rows> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.reverse()) await each();
  };
  try {
    const rows = await start((each) => stops.push(each), wanted);
    return { rows: rows.filter(({ id }) => wanted.includes(id)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the rows begin: the agent, and the edge. */
interface Base {
  readonly agent: Program;
  readonly parts: MeshParts;
  readonly gateway: TestGateway;
  readonly quotaPid: number;
  readonly token: string;
}

const words = "words";
const local = (port: number): string => `http://127.0.0.1:${port}`;

async function start(onStop: OnStop, wanted: readonly RowId[]): Promise<readonly Row[]> {
  const base = await startBase(onStop);
  const rows = [...(await agentRows(base, onStop)), ...(await envoyRows(base, onStop, wanted))];
  rows.push(...edgeRows(base));
  if (wanted.includes("edge-sidecar")) {
    const mesh = await startSidecarMesh(onStop);
    rows.push({ id: "edge-sidecar", name: "the same by the sidecar, HTTPS", ...mesh });
  }
  if (wanted.some((id) => id.startsWith("express")))
    rows.push(...(await expressRows(base, onStop)));
  return rows;
}

async function startBase(onStop: OnStop): Promise<Base> {
  const agent = await startProgram("words-agent", ["alone"], {}, onStop);
  const folder = mkdtempSync(join(tmpdir(), "smartcall-bench-"));
  onStop(() => rmSync(folder, { recursive: true }));
  const quota = await startQuota(folder, onStop);
  const written = await writtenMesh(meshText, { agent: agent.port });
  let parts: MeshParts | undefined;
  const gateway = await startGateway((given) => {
    parts = given;
    return { ...written(given), quota: [{ kind: "unix", path: quota.path }] };
  });
  onStop(gateway.stop);
  if (parts === undefined) throw new Error("the gateway was given no mesh");
  return { agent, parts, gateway, quotaPid: quota.pid, token: gateway.token({ lifetimeMs }) };
}

async function agentRows({ agent }: Base, onStop: OnStop): Promise<Row[]> {
  const bare = await startProgram("bare-agent", [], {}, onStop);
  return [
    {
      id: "direct",
      name: "the agent itself, gRPC",
      target: { protocol: "grpc", origin: local(agent.port), agent: words },
      processes: { agent: agent.pid },
    },
    {
      id: "direct-bare",
      name: "the same by bare grpc-js, gRPC",
      target: { protocol: "grpc", origin: local(bare.port), agent: words },
      processes: { agent: bare.pid },
    },
  ];
}

/** Envoys by themselves; only those that are wanted start. */
async function envoyRows(
  { agent, gateway, parts }: Base,
  onStop: OnStop,
  wanted: readonly RowId[],
): Promise<Row[]> {
  const { certificate } = parts.gateway.https;
  const { ca } = gateway;
  const kinds = [
    { id: "envoy", name: "bare Envoy, gRPC", transcoder: false },
    { id: "transcoder", name: "Envoy, transcoder only, HTTP", transcoder: true },
    {
      id: "transcoder-tls",
      name: "Envoy, transcoder only, HTTPS",
      transcoder: true,
      tls: { certificate },
    },
  ] as const;
  const start = async (kind: (typeof kinds)[number]): Promise<Row> => {
    const { id, name, transcoder } = kind;
    const tls = "tls" in kind ? kind.tls : undefined;
    const envoy = await startStaticEnvoy({ agentPort: agent.port, transcoder, ...tls });
    onStop(envoy.stop);
    const { origin, pid } = envoy;
    const protocol = transcoder ? "rest" : "grpc";
    const target = { protocol, origin, agent: words, ...(tls && { ca }) } as const;
    return { id, name, target, processes: { gateway: pid, agent: agent.pid } };
  };
  return Promise.all(kinds.filter(({ id }) => wanted.includes(id)).map(start));
}

function edgeRows({ agent, gateway, quotaPid, token }: Base): readonly Row[] {
  const at = { origin: gateway.url, ca: gateway.ca, token };
  const processes = { gateway: gateway.pid, agent: agent.pid };
  return [
    {
      id: "edge",
      name: "edge: HTTPS, JWT, scope, limits",
      target: { protocol: "rest", agent: words, ...at },
      processes,
    },
    {
      id: "edge-grpc",
      name: "the same by gRPC",
      target: { protocol: "grpc", agent: words, ...at },
      processes,
    },
    {
      id: "edge-budget",
      name: "the same with a budget, HTTPS",
      target: { protocol: "rest", agent: "paid", ...at },
      processes: { gateway: gateway.pid, quota: quotaPid, agent: agent.pid },
    },
  ];
}

async function expressRows(base: Base, onStop: OnStop): Promise<readonly Row[]> {
  const { agent, gateway, parts, token } = base;
  const { certificate } = parts.gateway.https;
  const bySettings = (settings: ExpressSettings) =>
    startProgram("express-gateway", [], { EXPRESS_GATEWAY: JSON.stringify(settings) }, onStop);
  const address = `127.0.0.1:${agent.port}`;
  const [audience = ""] = parts.issuer.audiences;
  const { name, keys } = parts.issuer;
  const rules = { issuer: name, audience, keys, scope: "agents:invoke", requestsPerMinute };
  const bare = await bySettings({ agent: address });
  const guarded = await bySettings({ agent: address, guards: { ...certificate, ...rules } });
  const origin = `https://localhost:${guarded.port}`;
  return [
    {
      id: "express-bare",
      name: "express by hand, bare, HTTP",
      target: { protocol: "rest", origin: local(bare.port), agent: words },
      processes: { gateway: bare.pid, agent: agent.pid },
    },
    {
      id: "express",
      name: "express by hand, as the edge, HTTPS",
      target: { protocol: "rest", origin, ca: gateway.ca, agent: words, token },
      processes: { gateway: guarded.pid, agent: agent.pid },
    },
  ];
}

/** Long enough for all rounds. */
const lifetimeMs = 3_600_000;
