// The row of `make bench` about calls: the processor time of the gateway for a thousand of them.
import type { Agent, Mesh, Route } from "@smartcall/control-plane/dist/model/mesh.js";
import { startGateway, type TestGateway } from "../edge/gateway.ts";
import { type MeshParts, meshOf, origin } from "../edge/mesh-of.ts";
import { startBareEnvoy } from "./bare-envoy.ts";
import { grpcCaller, type Kind, type OpenCaller, restCaller } from "./callers.ts";
import { startCannedAgent } from "./canned-agent.ts";
import { agentName, large } from "./large-mesh.ts";
import { cpuSeconds, residentMegabytes } from "./process-cost.ts";
import { median, printTable } from "./report.ts";

/** Passes over all of them in turn, so that what else the machine does is shared fairly. */
const passes = 5;

const callsOf: Readonly<Record<Kind, number>> = { unary: 2_000, stream: 500 };

interface Contender {
  readonly name: string;
  readonly pid: number;
  readonly caller: OpenCaller;
}

/** Our edge, in a small mesh and in a large one, beside an Envoy that only passes calls on. */
export async function costRow(): Promise<void> {
  const agent = await startCannedAgent();
  const bare = await startBareEnvoy(agent.port);
  const small = await startGateway((parts) => meshOf({ ...parts, agentPort: agent.port }));
  const big = await startGateway((parts) => largeModel({ ...parts, agentPort: agent.port }));
  const last = agentName(large.agents - 1);
  const contenders: readonly Contender[] = [
    { name: "bare Envoy, gRPC", pid: bare.pid, caller: grpcCaller(bare.url, { headers: {} }) },
    { name: "edge, gRPC", pid: small.pid, caller: byGrpc(small, "echo") },
    { name: "edge, REST", pid: small.pid, caller: byRest(small, "echo") },
    { name: "edge, REST, last of 10,000 routes", pid: big.pid, caller: byRest(big, last) },
  ];
  try {
    printTable(`processor seconds for 1,000 calls, median of ${passes} passes`, [
      ["", "unary", "× bare", "stream", "× bare", "MB"],
      ...(await compare(contenders)),
    ]);
  } finally {
    for (const { caller } of contenders) caller.close();
    await Promise.all([bare.stop(), small.stop(), big.stop()]);
    agent.stop();
  }
}

async function compare(contenders: readonly Contender[]): Promise<string[][]> {
  const costs = new Map<string, number[]>();
  for (let pass = 0; pass <= passes; pass++) {
    for (const { name, pid, caller } of contenders) {
      for (const kind of ["unary", "stream"] as const) {
        const calls = callsOf[kind];
        const before = cpuSeconds(pid);
        await caller.call(kind, calls);
        const key = `${name} ${kind}`;
        const cost = ((cpuSeconds(pid) - before) / calls) * 1000;
        // The first pass only warms up.
        if (pass > 0) costs.set(key, [...(costs.get(key) ?? []), cost]);
      }
    }
  }
  const costOf = (name: string, kind: Kind): number => median(costs.get(`${name} ${kind}`) ?? []);
  const [bare = ""] = contenders.map(({ name }) => name);
  return contenders.map(({ name, pid }) => [
    name,
    ...(["unary", "stream"] as const).flatMap((kind) => [
      costOf(name, kind).toFixed(3),
      (costOf(name, kind) / costOf(bare, kind)).toFixed(1),
    ]),
    residentMegabytes(pid).toFixed(0),
  ]);
}

function byGrpc(gateway: TestGateway, agent: string): OpenCaller {
  const headers = {
    "smartcall-agent": agent,
    authorization: `Bearer ${gateway.token({ lifetimeMs })}`,
  };
  return grpcCaller(gateway.url, { ca: gateway.ca, headers });
}

function byRest(gateway: TestGateway, agent: string): OpenCaller {
  const headers = {
    "x-variant": "last",
    authorization: `Bearer ${gateway.token({ lifetimeMs })}`,
  };
  return restCaller(gateway.url, { ca: gateway.ca, agent, headers });
}

/** Long enough for all passes. */
const lifetimeMs = 3_600_000;

/** The usual mesh of the edge's tests, with many agents of which each has two routes. */
function largeModel(parts: MeshParts): Mesh {
  const mesh = meshOf(parts);
  const address = { kind: "ip", host: "127.0.0.1", port: parts.agentPort } as const;
  const instances = [{ id: "one", healthy: true, zone: "here", version: "1", address }];
  const numbers = Array.from({ length: large.agents }, (_, number) => number);
  const [pattern] = mesh.routes;
  if (pattern === undefined) throw new Error("the usual mesh has no route");
  const [agentPattern] = mesh.agents;
  if (agentPattern === undefined) throw new Error("the usual mesh has no agent");
  const agents = numbers.map(
    (number): Agent => ({ ...agentPattern, name: agentName(number), instances, origin }),
  );
  const routes = numbers.flatMap((number): Route[] => {
    const agent = agentName(number);
    const plain = {
      ...pattern,
      to: [{ agent, weight: 1 }],
      allow: { kind: "callers", scopes: ["agents:invoke"] },
    } as const;
    const match = { ...pattern.match, agent };
    return [
      {
        ...plain,
        name: `${agent}-gold`,
        match: { ...match, headers: {}, claims: { plan: ["gold"] } },
      },
      {
        ...plain,
        name: `${agent}-last`,
        match: { ...match, headers: { "x-variant": "last" }, claims: {} },
      },
    ];
  });
  const all = [...mesh.agents, ...agents].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...mesh, agents: all, routes: [...mesh.routes, ...routes] };
}
