// A gateway in front of a mesh whose routes have limits.
import type { Mesh } from "@smartcall/control-plane/dist/model/mesh.js";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import type { MeshParts } from "./mesh-of.ts";
import { startObedientAgent } from "./obedient-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const agents = `
mesh: edge-test
agents:
  writer: { instances: { static: [$agent] } }
  editor: { instances: { static: [$agent] } }
  failing: { instances: { static: [$failing, $agent] } }
  by-team: {}
  by-address: {}
  together: {}
  several: {}
  by-plan: {}
  shared: {}
  quick: {}
  changing: {}
  only-gold: {}
  by-model: {}
  free: {}
routes:
`;

/** By their names. */
export const limitedRoutes = {
  writing: `{ match: { agent: writer }, limits: [{ requests: 3, per: minute, by: subject }] }`,
  editing: `{ match: { agent: editor }, limits: [{ requests: 2, per: minute, by: subject }] }`,
  "by-team": `{ match: { agent: by-team }, to: writer, limits: [{ requests: 2, per: minute, by: "claim:team" }] }`,
  "by-address": `{ match: { agent: by-address }, to: writer, public: true, limits: [{ requests: 2, per: minute, by: address }] }`,
  together: `{ match: { agent: together }, to: writer, limits: [{ requests: 4, per: minute, by: route }] }`,
  several: `{ match: { agent: several }, to: { writer: 1, editor: 1 }, limits: [
    { requests: 5, per: minute, by: route },
    { requests: 3, per: minute, by: subject },
    { requests: 100, per: second, by: subject } ] }`,
  gold: `{ match: { agent: by-plan, claims: { plan: [gold] } }, to: writer, limits: [{ requests: 4, per: minute, by: subject }] }`,
  others: `{ match: { agent: by-plan }, to: writer, limits: [{ requests: 1, per: minute, by: subject }] }`,
  "many-left": `{ match: { agent: shared }, to: failing, retry: { attempts: 3, on: [unavailable] }, limits: [{ requests: 3, per: minute, by: subject }] }`,
  quick: `{ match: { agent: quick }, to: writer, limits: [{ requests: 2, per: second, by: subject }] }`,
  "only-gold": `{ match: { agent: only-gold, claims: { plan: [gold] } }, to: writer, limits: [{ requests: 1, per: minute, by: subject }] }`,
  large: `{ match: { agent: by-model, model: large }, to: writer, limits: [{ requests: 1, per: minute, by: subject }] }`,
  changing: `{ match: { agent: changing }, to: writer }`,
  small: `{ match: { agent: by-model, model: small }, to: writer }`,
  free: `{ match: { agent: free }, to: writer }`,
};

/** The text of each route, by its name. */
export type Routes = Readonly<Record<string, string>>;

/** Who calls, and what they say. */
export interface Caller {
  readonly subject?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly saying?: string;
}

/** A running gateway, and what is needed to call it. */
export interface LimitedGateway {
  readonly gateway: TestGateway;
  /** Publishes a mesh with these routes, and waits until Envoy has it. */
  save(routes: Routes): Promise<void>;
  call(agent: string, caller?: Caller): Promise<RestReply>;
  /** Another gateway of the same mesh. */
  another(): Promise<TestGateway>;
  stop(): Promise<void>;
}

/** Starts it, and the agents behind it. */
export async function startLimitedGateway(): Promise<LimitedGateway> {
  const agent = await startObedientAgent();
  const failing = await startObedientAgent({ always: "fail 14" });
  const written = (routes: Routes): Promise<(parts: MeshParts) => Mesh> => {
    const lines = Object.entries(routes).map(
      ([name, text]) => `  - ${text.replace("{", `{ name: ${name},`)}\n`,
    );
    return writtenMesh(agents + lines.join(""), { agent: agent.port, failing: failing.port });
  };
  let described = await written(limitedRoutes);
  const start = (): Promise<TestGateway> => startGateway((parts) => described(parts));
  const gateway = await start();
  return {
    gateway,
    save: async (routes) => {
      described = await written(routes);
      await gateway.publish([]);
    },
    call: (name, { saying = "hello", ...caller } = {}) =>
      callRest(gateway, {
        path: `/v1/agents/${name}:invoke`,
        token: gateway.token(caller),
        body: asking(saying),
      }),
    another: start,
    stop: async () => {
      await gateway.stop();
      agent.stop();
      failing.stop();
    },
  };
}

/** The statuses of so many calls, one after the other. */
export async function statuses(count: number, one: () => Promise<RestReply>): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index++) found.push((await one()).status);
  return found;
}
