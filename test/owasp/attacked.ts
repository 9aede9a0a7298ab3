// The mesh that the security suite attacks: agents for everyone, for some, and for nobody.
import type { Gateway } from "@smartcall/control-plane/dist/model/mesh.js";
import { type ForeignIssuer, foreignIssuer } from "../edge/foreign-issuer.ts";
import { startGateway, type TestGateway } from "../edge/gateway.ts";
import { origin } from "../edge/mesh-of.ts";
import { type ObedientAgent, startObedientAgent } from "../edge/obedient-agent.ts";
import { writtenMesh } from "../edge/written-mesh.ts";
import { asking, callRest, type RestReply, type RestRequest } from "../harness/rest.ts";

/** It, running. */
export interface Attacked {
  readonly gateway: TestGateway;
  /** Behind `echo` and `open`. */
  readonly agent: ObedientAgent;
  /** Behind `vault`, which only callers with the claim `plan: gold` may use. */
  readonly vault: ObedientAgent;
  /** An issuer whose tokens are taken, which signs whatever it is told. */
  readonly login: ForeignIssuer;
  /** Calls `echo` with a good token, unless told otherwise. */
  call(more?: Partial<RestRequest>): Promise<RestReply>;
  stop(): Promise<void>;
}

/**
 * Starts it.
 *
 * @param more what the gateway has beside its address and certificate
 */
export async function startAttacked(more: Partial<Gateway> = {}): Promise<Attacked> {
  const agent = await startObedientAgent();
  const vault = await startObedientAgent();
  const login = foreignIssuer("https://login.test");
  const written = await writtenMesh(meshText, { agent: agent.port, vault: vault.port });
  const gateway = await startGateway((parts) => ({
    ...written(parts),
    issuers: [
      parts.issuer,
      { name: login.name, audiences: ["smartcall"], keys: login.keys, origin },
    ],
    gateway: { ...parts.gateway, ...more },
  }));
  return {
    gateway,
    agent,
    vault,
    login,
    call: (request = {}) =>
      callRest(gateway, {
        path: "/v1/agents/echo:invoke",
        token: gateway.token(),
        body: asking("hello"),
        ...request,
      }),
    stop: async () => {
      await gateway.stop();
      agent.stop();
      vault.stop();
    },
  };
}

let shared: Promise<Attacked> | undefined;

/** The one that all attacks share that leave nothing behind; started when the first asks for it. */
export function attacked(): Promise<Attacked> {
  shared ??= startAttacked();
  return shared;
}

// Of no `describe`: it ends with the last attack of all.
after("the attacked mesh ends", async function () {
  this.timeout(30_000);
  await (await shared)?.stop();
});

const meshText = `
mesh: edge-test
agents:
  echo: { instances: { static: [$agent] } }
  open: { instances: { static: [$agent] } }
  vault: { instances: { static: [$vault] } }
routes:
  - { name: echo, match: { agent: echo }, allow: { scopes: [agents:invoke] } }
  - { name: open, match: { agent: open }, public: true }
  - { name: vault, match: { agent: vault }, allow: { claims: { plan: [gold] } } }
`;
