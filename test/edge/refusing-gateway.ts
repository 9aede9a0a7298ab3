// A gateway in front of a mesh that has something to refuse for every reason.
import type { Mesh } from "@smartcall/control-plane/dist/model/mesh.js";
import { freePorts } from "../harness/ports.ts";
import type { TokenKind } from "../harness/refusal-cases.ts";
import { asking, callRest } from "../harness/rest.ts";
import { foreignIssuer } from "./foreign-issuer.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { origin } from "./mesh-of.ts";
import { startObedientAgent } from "./obedient-agent.ts";
import { startRecordingQuota } from "./recording-quota.ts";
import { startStuckAgent } from "./stuck-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

/** It, running. */
export interface RefusingGateway {
  readonly gateway: TestGateway;
  token(kind: Exclude<TokenKind, "none">): string;
  stop(): Promise<void>;
}

const meshText = `
mesh: edge-test
agents:
  echo: { instances: { static: [$agent] } }
  assistant: { instances: { static: [$agent] } }
  guarded: {}
  absent: {}
  gone: { instances: { static: [$nobody] } }
  stuck: { instances: { static: [$stuck] } }
  full: { instances: { static: [$full] } }
  by-claims: {}
  by-certificate: {}
  by-address: {}
  limited: {}
  hourly: {}
  at-once: {}
  paid: {}
  uncounted: {}
budgets:
  team: { by: subject, tokens: 10000, per: day }
routes:
  - { name: guarded, match: { agent: guarded, claims: { plan: gold } }, to: echo }
  - { name: stuck, match: { agent: stuck }, timeout: 300ms }
  - { name: by-claims, match: { agent: by-claims }, to: echo, allow: { claims: { plan: gold } } }
  - { name: by-certificate, match: { agent: by-certificate }, to: echo }
  - { name: by-address, match: { agent: by-address }, to: echo, allow: { addresses: [10.0.0.0/8] } }
  - { name: limited, match: { agent: limited }, to: echo, limits: [{ requests: 1, per: minute, by: route }] }
  - { name: hourly, match: { agent: hourly }, to: echo, limits: [{ requests: 1, per: hour, by: subject }] }
  - { name: at-once, match: { agent: at-once }, to: echo, limits: [{ concurrent: 1, by: subject }] }
  - { name: paid, match: { agent: paid }, to: echo, budget: { of: team, reserve: 400 } }
  - { name: uncounted, match: { agent: uncounted }, to: echo, budget: { of: team, reserve: 400 } }
`;

/** Starts it, and spends what `limited` allows. */
export async function startRefusing(): Promise<RefusingGateway> {
  const [nobody = 0] = await freePorts(1);
  const agent = await startObedientAgent();
  const full = await startObedientAgent({ always: "fail 8 retry" });
  const stuck = await startStuckAgent();
  const quota = await startRecordingQuota();
  quota.refusing.set("hourly", "RATE_LIMITED");
  quota.refusing.set("at-once", "TOO_MANY_AT_ONCE");
  quota.refusing.set("paid", "BUDGET_SPENT");
  quota.refusing.set("uncounted", "fail");
  const ports = { agent: agent.port, full: full.port, stuck: stuck.port, nobody };
  const written = await writtenMesh(meshText, ports);
  const login = foreignIssuer("https://login.test");
  const stranger = foreignIssuer("https://login.test");
  const gateway = await startGateway((parts) => ({
    ...askingForCertificates(written(parts)),
    gateway: {
      ...parts.gateway,
      clientAuthorities: parts.gateway.https.certificate.certificateChain,
    },
    quota: [quota.address],
    denied: { tokens: [], subjects: ["revoked"] },
    issuers: [
      parts.issuer,
      { name: login.name, audiences: ["smartcall"], keys: login.keys, origin },
    ],
  }));
  const token = gateway.token();
  await callRest(gateway, { path: "/v1/agents/limited:invoke", token, body: asking("first") });
  return {
    gateway,
    token: (kind) => {
      if (kind === "forged") return stranger.token();
      if (kind === "expired") return login.token({ exp: Math.floor(Date.now() / 1000) - 60 });
      if (kind === "for-others") return login.token({ aud: "others" });
      if (kind === "revoked") return login.token({ sub: "revoked" });
      return gateway.token(kind === "scopeless" ? { scopes: ["other"] } : {});
    },
    stop: async () => {
      await gateway.stop();
      for (const each of [agent, full, stuck, quota]) each.stop();
    },
  };
}

/** The file with the authorities of clients would have to be there, if it stood in the text. */
function askingForCertificates(mesh: Mesh): Mesh {
  const allow = {
    kind: "callers",
    scopes: ["agents:invoke"],
    certificates: ["spiffe://corp/batch"],
  } as const;
  return {
    ...mesh,
    routes: mesh.routes.map((route) =>
      route.name === "by-certificate" ? { ...route, allow } : route,
    ),
  };
}
