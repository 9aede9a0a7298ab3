// A mesh that nobody else sees: the operator's routes, throw-away keys, stand-ins for its agents.

import type { MeshConfig } from "../../config/index.ts";
import { buildMesh } from "../../model/build-mesh.ts";
import type { Mesh } from "../../model/mesh.ts";
import { publicKeySet, type SigningKeys } from "../../state/index.ts";
import { makeThrowawayKeys } from "../throwaway-keys.ts";
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
  const { ca, certificate, keys } = await makeThrowawayKeys(folder, config.mesh);
  const standIns = await startStandIns([...config.agents.keys()], folder);
  const agents = new Map(
    [...config.agents].map(([name, { at, value }]) => [
      name,
      { at, value: { ...value, instances: undefined } },
    ]),
  );
  // A case is about where a call goes and who may, not about how many were tried before it.
  const routes = config.routes.map(({ at, value }) => ({
    at,
    value: { ...value, limits: undefined, budget: undefined },
  }));
  // Wherever the operator's instances are, and whatever they prove themselves with.
  const mesh = buildMesh(
    { ...config, agents, routes, egress: [] },
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
    ca,
    standIns,
  };
}
