// Checks, before anything is started, that everything a mesh needs is there.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { SettingValues } from "@smartcall/runtime";
import { openDirectoryState } from "../../state/directory-state.ts";
import { loadJoinToken } from "../../state/join-token.ts";
import type { StateProblem } from "../../state/outcome.ts";
import { findMeshEnvoy } from "../find-mesh-envoy.ts";
import { type MeshFile, readMeshFile } from "../mesh-file.ts";
import { type AgentFolder, readAgentFolder } from "./agent-folder.ts";
import { takenPorts, type WantedPort } from "./free-ports.ts";

/** The settings of `smartcall up`. */
export type UpSettings = Pick<
  SettingValues,
  | "meshFile"
  | "stateFolder"
  | "agents"
  | "controlPlane"
  | "nodes"
  | "nodeNames"
  | "adminAddress"
  | "adminNames"
  | "adminCertificate"
  | "adminKey"
  | "envoyAdminAddress"
  | "envoyBin"
  | "drain"
  | "zone"
  | "model"
  | "quota"
  | "quotaListen"
  | "redisUrl"
  | "logLevel"
>;

/** All that is needed to start. */
export interface Prepared {
  readonly mesh: MeshFile;
  readonly envoy: { readonly path: string; readonly version: string };
  readonly agents: readonly AgentFolder[];
  /** A secret. */
  readonly joinToken: string;
}

export type PrepareResult =
  | { readonly ok: true; readonly prepared: Prepared }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Makes the state folder, closed to other users.
 *
 * @returns what is wrong, if anything is
 */
export async function makeStateFolder(stateFolder: string): Promise<string | undefined> {
  const state = await openDirectoryState(stateFolder);
  if (!state.ok) return state.problem.message;
  for (const folder of ["logs", "envoy"]) {
    await mkdir(join(stateFolder, folder), { recursive: true, mode: 0o700 });
  }
  return undefined;
}

/** Checks everything and says all that is wrong at once. Changes only the state folder. */
export async function prepare(settings: UpSettings): Promise<PrepareResult> {
  const [mesh, envoy, joinToken] = await Promise.all([
    readMeshFile(settings.meshFile, { colour: process.stderr.isTTY, now: new Date() }),
    findMeshEnvoy(settings.envoyBin, settings.stateFolder),
    readJoinToken(settings.stateFolder),
  ]);
  const folders = settings.agents.map(readAgentFolder);
  const agents = folders.flatMap((read) => (read.ok ? [read.agent] : []));
  const ports = await takenPorts(wantedPorts(settings, mesh.ok ? mesh.mesh : undefined));
  const problems = [
    ...(mesh.ok ? unlisted(agents, mesh.mesh) : mesh.problems),
    ...(envoy.ok ? [] : [envoy.problem]),
    ...(joinToken.ok ? [] : [joinToken.problem]),
    ...folders.flatMap((read) => (read.ok ? [] : [read.problem])),
    ...ports,
  ];
  if (!mesh.ok || !envoy.ok || !joinToken.ok || problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    prepared: { mesh: mesh.mesh, envoy: envoy.binary, agents, joinToken: joinToken.token },
  };
}

function unlisted(agents: readonly AgentFolder[], mesh: MeshFile): readonly string[] {
  return agents
    .filter(({ name }) => !mesh.agents.includes(name))
    .map(
      ({ name, folder }) =>
        `The agent ${name} (${folder}) is not listed in ${mesh.path}: add \`${name}: {}\` under \`agents:\`, or take its folder out of SMARTCALL_AGENTS.`,
    );
}

type JoinToken =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly problem: string };

async function readJoinToken(stateFolder: string): Promise<JoinToken> {
  const state = await openDirectoryState(stateFolder);
  if (!state.ok) return { ok: false, problem: state.problem.message };
  // A token that made no sense is replaced by a new one; the control plane says so in its log.
  const ignore = (_: StateProblem): void => undefined;
  const token = await loadJoinToken(state.value, ignore);
  return token.ok
    ? { ok: true, token: token.value }
    : { ok: false, problem: token.problem.message };
}

function wantedPorts(settings: UpSettings, mesh: MeshFile | undefined): readonly WantedPort[] {
  const edge = mesh && {
    host: mesh.edge.address,
    port: mesh.edge.port,
    use: "HTTPS",
    remedy: `set another \`gateway.https.port\` in ${mesh.path}`,
  };
  const quota = settings.quotaListen ?? settings.quota[0];
  return [
    ...(edge === undefined ? [] : [edge]),
    {
      ...settings.controlPlane,
      use: "xDS and leases",
      remedy: "set SMARTCALL_CONTROL_PLANE to another address",
    },
    ...(settings.nodes === undefined
      ? []
      : [
          {
            ...settings.nodes,
            use: "nodes of other machines",
            remedy: "set SMARTCALL_NODES to another address",
          },
        ]),
    {
      ...settings.adminAddress,
      use: "the operator's pages",
      remedy: "set SMARTCALL_ADMIN to another address",
    },
    ...(quota.kind === "address"
      ? [{ ...quota, use: "the quota service", remedy: "set SMARTCALL_QUOTA to another address" }]
      : []),
    {
      ...settings.envoyAdminAddress,
      use: "Envoy's admin pages",
      remedy: "set SMARTCALL_ENVOY_ADMIN to another address",
    },
  ];
}
