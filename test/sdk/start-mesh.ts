// Starts the mesh that both SDKs are tried against.
import { writeFileSync } from "node:fs";
import {
  loadSigningKeys,
  mintToken,
  openDirectoryState,
} from "@smartcall/control-plane/dist/state/index.js";
import { attachAgent, callable } from "../harness/attach-agent.ts";
import { endGroup } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { freePorts } from "../harness/ports.ts";
import { asking, callRest } from "../harness/rest.ts";
import { startBreaker } from "./breaker.ts";

/** What a test of an SDK is told. */
export interface SdkMeshTold {
  /** Such as `https://localhost:8443`. */
  readonly url: string;
  /** The file with the certificate of the mesh's authority. */
  readonly ca: string;
  /** A URL at which nobody listens. */
  readonly nobody: string;
  readonly tokens: SdkTokens;
  /** A folder for what a test writes; it goes with the mesh. */
  readonly folder: string;
}

/** Tokens by whose they are. */
export interface SdkTokens {
  /** May call `breaker`, `granted`, `limited`, `paid` and `scripted`. */
  readonly user: string;
  /** The user's, which has expired an hour ago. */
  readonly expired: string;
  /** Of somebody who may call nothing. */
  readonly stranger: string;
  /** May call what the user may, from a budget of its own, of ten tokens. */
  readonly poor: string;
}

/** It runs. */
export interface SdkMesh {
  readonly mesh: Mesh;
  readonly told: SdkMeshTold;
  stop(): Promise<void>;
}

/** Starts it, and waits until all of its agents can be called. */
export async function startSdkMesh(): Promise<SdkMesh> {
  const breaker = await startBreaker();
  const mesh = await startMesh({ services: [], listed: ["scripted"] });
  const agent = attachAgent(mesh, "scripted");
  const stop = async (): Promise<void> => {
    await endGroup(agent);
    await mesh.stop();
    breaker.stop();
  };
  try {
    writeFileSync(mesh.meshFile, meshText(mesh.port, breaker.port));
    await callable(mesh, "scripted", "first: say ready");
    let tries = 0;
    await eventually(async () => {
      // Each try as somebody else: a call that fails may count against its caller's limit.
      tries += 1;
      const token = await mesh.token({ subject: `first-${tries}` });
      for (const name of ["breaker", "granted", "limited"]) {
        const path = `/v1/agents/${name}:invoke`;
        const { status, text } = await callRest(mesh, { path, token, body: asking("saw nothing") });
        if (status !== 200) throw new Error(`${name} is not callable: ${text}`);
      }
    });
    const [nobody = 0] = await freePorts(1);
    const tokens = await tokensOf(mesh);
    return {
      mesh,
      told: {
        url: mesh.url,
        ca: mesh.caFile,
        nobody: `https://localhost:${nobody}`,
        tokens,
        folder: mesh.folder,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function tokensOf(mesh: Mesh): Promise<SdkTokens> {
  const [user, stranger, poor, expired] = await Promise.all([
    mesh.token({ subject: "user" }),
    mesh.token({ subject: "stranger", scope: "nothing:here" }),
    mesh.token({ subject: "poor", claims: { team: "poor" } }),
    expiredToken(mesh),
  ]);
  return { user, stranger, poor, expired };
}

async function expiredToken(mesh: Mesh): Promise<string> {
  const state = await openDirectoryState(mesh.stateFolder);
  if (!state.ok) throw new Error(state.problem.message);
  const keys = await loadSigningKeys(state.value, { now: new Date(), report: () => undefined });
  if (!keys.ok) throw new Error(keys.problem.message);
  const request = {
    mesh: "test",
    subject: "user",
    scopes: ["agents:invoke"],
    claims: {},
    lifetimeMs: 3_600_000,
  };
  const minted = mintToken(keys.value, request, new Date(Date.now() - 7_200_000));
  if (!minted.ok) throw new Error(minted.problem.message);
  return minted.value.token;
}

/** Windows are long, so that none ends while the cases run. */
function meshText(port: number, breaker: number): string {
  return `
mesh: test
gateway: { https: { port: ${port} } }
agents:
  breaker: { instances: { static: ["127.0.0.1:${breaker}"] } }
  granted: {}
  guarded: {}
  limited: {}
  paid: {}
  scripted: {}
budgets:
  purse: { by: "claim:team", tokens: 10, per: month }
  treasure: { by: mesh, tokens: 1000000000, per: month }
routes:
  - { name: granting, match: { agent: granted }, to: scripted, budget: { of: treasure, reserve: 10, minimum: 10 } }
  - { name: guarding, match: { agent: guarded, claims: { plan: [gold] } }, to: scripted }
  - { name: limiting, match: { agent: limited }, to: scripted, limits: [{ requests: 1, per: day, by: subject }] }
  - { name: paying, match: { agent: paid }, to: scripted, budget: { of: purse, reserve: 10, minimum: 10 } }
`;
}
