// A mesh with a route for each way to say who may call, and callers of each kind.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Identity, makeClient, makeIdentity } from "../harness/certificates.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const rules: Readonly<Record<string, string>> = {
  scoped: "{ scopes: [one, two] }",
  equal: "{ claims: { plan: gold } }",
  "one-of": "{ claims: { plan: [gold, silver] } }",
  present: "{ claims: { beta: { present: true } } }",
  several: "{ claims: { plan: gold, team: [red, blue] }, scopes: [] }",
  number: '{ claims: { level: ["5", "1.5"] } }',
  flag: '{ claims: { staff: "true" } }',
  nested: "{ claims: { realm.access.roles: [admin] } }",
  "by-url": '{ claims: { "https://example.com/role": admin } }',
  machine: '{ certificates: ["spiffe://corp/batch", "*.clients.internal", billing.internal] }',
  both: '{ certificates: ["spiffe://corp/batch"], scopes: [agents:invoke] }',
  "machine-claims": '{ certificates: ["spiffe://corp/batch"], claims: { plan: gold }, scopes: [] }',
  here: "{ addresses: [10.0.0.0/8, 127.0.0.0/8] }",
  there: '{ addresses: [10.0.0.0/8, 127.0.0.2/32, "2001:db8::/32"] }',
  "here-six": '{ addresses: ["::1/128"] }',
  "machine-here": '{ certificates: ["spiffe://corp/batch"], addresses: ["::1", 127.0.0.1] }',
  all: '{ scopes: [one], claims: { plan: gold }, certificates: [billing.internal], addresses: ["::1", 127.0.0.1] }',
};

/** The names of the routes; each is also its agent's, as is `open`, which is public. */
export const routeNames: readonly string[] = Object.keys(rules);

/** The certificates of clients, by what they are called in tests. */
export const certificateNames = {
  batch: ["spiffe://corp/batch"],
  several: ["spiffe://corp/web", "spiffe://corp/batch", "web.internal"],
  billing: ["Billing.Internal"],
  one: ["one.clients.internal"],
  deeper: ["a.one.clients.internal"],
  bare: ["clients.internal"],
  star: ["*.clients.internal"],
  poser: ["spiffe://corp/batch.example", "https://corp/batch", "xbilling.internal"],
  nobody: ["spiffe://corp/web"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type CertificateName = keyof typeof certificateNames;

/** The gateway with the certificates of its clients. */
export interface AuthorisedGateway {
  readonly gateway: TestGateway;
  /** The agent behind all names. */
  readonly agent: ObedientAgent;
  readonly authority: Identity;
  readonly certificates: Readonly<Record<CertificateName, Identity>>;
  /** Believes these authorities of clients, PEM; undefined asks for no certificate. */
  believe(authorities: string | undefined): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it; its listener is at `address`. */
export async function startAuthorised(address = "127.0.0.1"): Promise<AuthorisedGateway> {
  const folder = await mkdtemp(join(tmpdir(), "smartcall-clients-"));
  const authority = await makeIdentity("Clients", []);
  await writeFile(join(folder, "clients.pem"), authority.cert);
  const agent = await startObedientAgent();
  const ports = { agent: agent.port };
  const written = await writtenMesh(meshText, ports, { path: join(folder, "mesh.yaml") });
  let believed: string | undefined = authority.cert;
  const gateway = await startGateway(
    (parts) => ({
      ...written(parts),
      gateway: {
        ...parts.gateway,
        clientAuthorities: believed,
      },
    }),
    address,
  );
  const of = (name: CertificateName) => makeClient(certificateNames[name], authority);
  return {
    gateway,
    agent,
    authority,
    certificates: {
      batch: await of("batch"),
      several: await of("several"),
      billing: await of("billing"),
      one: await of("one"),
      deeper: await of("deeper"),
      bare: await of("bare"),
      star: await of("star"),
      poser: await of("poser"),
      nobody: await of("nobody"),
    },
    believe: async (authorities) => {
      believed = authorities;
      await gateway.publish([]);
    },
    stop: async () => {
      await gateway.stop();
      agent.stop();
      await rm(folder, { recursive: true });
    },
  };
}

const meshText = `
mesh: edge-test
gateway: { clients: { ca: { file: clients.pem } } }
agents:
${[...routeNames, "open"].map((name) => `  ${name}: { instances: { static: [$agent] } }`).join("\n")}
routes:
${Object.entries(rules)
  .map(([name, allow]) => `  - { name: ${name}, match: { agent: ${name} }, allow: ${allow} }`)
  .join("\n")}
  - { name: open, match: { agent: open }, public: true }
`;
