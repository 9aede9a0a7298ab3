// A gateway whose agents are made and changed by a test, and calls through it.

import { Agent as Connections } from "node:https";
import type { Agent, Mesh, Route } from "@smartcall/control-plane/dist/model/mesh.js";
import type { Instance } from "@smartcall/control-plane/dist/source/instance.js";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type MeshParts, origin } from "./mesh-of.ts";
import { type ScriptedAgent, startScriptedAgent } from "./scripted-agent.ts";

/** What a test says of its mesh. Each agent that no route names has a plain one. */
export interface ScriptedParts {
  readonly agents: readonly Agent[];
  readonly routes?: readonly Route[];
}

/** A running gateway with its servers. */
export interface ScriptedMesh {
  readonly gateway: TestGateway;
  /** Publishes other agents and routes, and waits until Envoy has them. */
  change(parts: ScriptedParts): Promise<void>;
  /** A server, by its name. */
  server(name: string): ScriptedAgent;
  /** Calls by REST, over connections that stay open. */
  call(agent: string, options?: CallOptions): Promise<RestReply>;
  /** How many calls each server got meanwhile; none is left out. */
  counting(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>>;
  /** The names of all servers, and what they do from now on. */
  stop(): Promise<void>;
}

/** One call. */
export interface CallOptions {
  /** Default: `invoke`. */
  readonly method?: string;
  readonly subject?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @param zone where the gateway is, if it says so */
export async function startScriptedMesh(
  names: readonly string[],
  describe: (server: (name: string) => ScriptedAgent) => ScriptedParts,
  zone?: string,
): Promise<ScriptedMesh> {
  const servers = new Map<string, ScriptedAgent>();
  for (const name of names) servers.set(name, await startScriptedAgent(name));
  const server = (name: string): ScriptedAgent => {
    const found = servers.get(name);
    if (found === undefined) throw new Error(`no server ${name}`);
    return found;
  };
  let present = describe(server);
  const gateway = await startGateway((parts) => meshWith(parts, present), "127.0.0.1", zone);
  const connections = new Connections({ keepAlive: true, maxSockets: 64 });
  return {
    gateway,
    server,
    change: async (parts) => {
      present = parts;
      await gateway.publish([]);
    },
    call: (agent, { claims = {}, headers = {}, method = "invoke", subject = "me" } = {}) =>
      callRest(gateway, {
        path: `/v1/agents/${agent}:${method}`,
        token: gateway.token({ claims, subject }),
        body: asking("hello"),
        headers,
        agent: connections,
      }),
    counting: async (work) => {
      const before = new Map([...servers].map(([name, { calls }]) => [name, calls]));
      await work();
      return Object.fromEntries(
        [...servers].flatMap(([name, { calls }]) => {
          const count = calls - (before.get(name) ?? 0);
          return count === 0 ? [] : [[name, count]];
        }),
      );
    },
    stop: async () => {
      connections.destroy();
      await gateway.stop();
      for (const each of servers.values()) each.stop();
    },
  };
}

function meshWith({ gateway, issuer }: MeshParts, { agents, routes = [] }: ScriptedParts): Mesh {
  const named = new Set(routes.map(({ match }) => match.agent));
  return {
    name: "edge-test",
    gateway,
    issuers: [issuer],
    agents: [...agents].sort((one, other) => (one.name < other.name ? -1 : 1)),
    routes: [...routes, ...agents.flatMap(({ name }) => (named.has(name) ? [] : [routeOf(name)]))],
  };
}

/** An agent with these instances. */
export function agentOf(
  name: string,
  instances: readonly Instance[],
  more: Partial<Agent> = {},
): Agent {
  return { name, instances, origin, ...more };
}

/** A route of the same name as its agent. */
export function routeOf(name: string, more: Partial<Route> = {}): Route {
  return {
    name,
    match: { agent: name, headers: {}, claims: {} },
    to: [{ agent: name, weight: 1 }],
    allow: { kind: "callers", scopes: ["agents:invoke"] },
    timeoutMs: 20_000,
    origin,
    ...more,
  };
}

/** An instance at a port of this machine. */
export function instanceAt(
  at: { readonly port: number; readonly name: string },
  more: Partial<Instance> = {},
): Instance {
  const address = { kind: "ip" as const, host: "127.0.0.1", port: at.port };
  return { id: at.name, address, healthy: true, zone: "", version: "1", ...more };
}

/** Calls one after the other. */
export async function times<Result>(
  count: number,
  work: (index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let done = 0; done < count; done++) results.push(await work(done));
  return results;
}

/** What an answer says. */
export function textOf(reply: RestReply): string {
  return /"content":"([^"]*)"/.exec(reply.text)?.[1] ?? `${reply.status}`;
}
