// A mesh that nobody else sees: the operator's routes, throw-away keys, stand-ins for its agents.

import type { MeshConfig } from "../../config/index.ts";
import { buildMesh } from "../../model/build-mesh.ts";
import type { Mesh } from "../../model/mesh.ts";
import {
  edgeCertificate,
  loadSigningKeys,
  type Outcome,
  openAuthority,
  openDirectoryState,
  publicKeySet,
  type SigningKeys,
} from "../../state/index.ts";
import { type StandIns, startStandIns } from "./stand-ins.ts";

/** The mesh, and what its calls are made with. */
export interface ThrowawayMesh {
  readonly mesh: Mesh;
  /** Sign its tokens. */
  readonly keys: SigningKeys;
  /** The certificate of its authority, PEM. */
  readonly ca: string;
  readonly standIns: StandIns;
}

/**
 * Makes the mesh in a folder that is nobody else's. The gateway listens on
 * loopback, with a certificate of the mesh's own, whatever the operator wrote.
 */
export async function makeThrowawayMesh(
  config: MeshConfig,
  folder: string,
  httpsPort: number,
): Promise<ThrowawayMesh> {
  const now = new Date();
  const report = ({ message }: { readonly message: string }): never => {
    throw new Error(message);
  };
  const state = got(await openDirectoryState(folder));
  const authority = got(await openAuthority(state, { mesh: config.mesh, now, report }));
  const certificate = got(
    await edgeCertificate(state, authority, { hostname: "localhost", now, report }),
  );
  const keys = got(await loadSigningKeys(state, { now, report }));
  const standIns = await startStandIns([...config.agents.keys()], folder);
  const agents = new Map(
    [...config.agents].map(([name, { at }]) => [name, { at, value: { instances: undefined, at } }]),
  );
  // Wherever the operator's instances are, and whatever they prove themselves with.
  const mesh = buildMesh(
    { ...config, agents },
    {
      instances: standIns.instances,
      certificate,
      issuerKeys: publicKeySet(keys),
    },
  );
  const https = { address: "127.0.0.1", port: httpsPort, certificate };
  return {
    mesh: { ...mesh, gateway: { ...mesh.gateway, https } },
    keys,
    ca: authority.certificate,
    standIns,
  };
}

/** What a fresh folder cannot refuse; where it does, the disk is full or the like. */
function got<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}
