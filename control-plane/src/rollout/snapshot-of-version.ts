// What a version of the files means for gateways at this moment.

import type { MeshConfig } from "../config/index.ts";
import { buildMesh, type Material } from "../model/build-mesh.ts";
import type { Mesh } from "../model/mesh.ts";
import { type Snapshot, snapshotOf } from "../snapshot/index.ts";
import { sidecarsOf, translate } from "../translate/index.ts";
import type { Version } from "./version.ts";

/** What changes by itself: what runs of what a version lists, and the mesh's own keys. */
export type Present = (
  config: MeshConfig,
) => Omit<
  Material,
  "authorities" | "clientAuthorities" | "issuerFiles" | "egressAuthorities" | "egressKeys"
>;

/** What a mesh is made of. */
export type OfVersion = Pick<Version, "config" | "named">;

/**
 * Builds the mesh of a version with all that is there at present. A certificate that the
 * version names comes before the mesh's own.
 */
export function meshesOfVersions(present: Present): (version: OfVersion) => Mesh {
  return ({ config, named }) => {
    const { authorities, clientAuthorities, egressAuthorities, egressKeys, issuerFiles, pair } =
      named();
    const { certificate, ...material } = present(config);
    return buildMesh(config, {
      ...material,
      authorities,
      clientAuthorities,
      issuerFiles,
      egressAuthorities,
      egressKeys,
      certificate: pair ?? certificate,
    });
  };
}

/**
 * Builds the snapshot of such a mesh.
 *
 * @param contract the serialised FileDescriptorSet of the agents' contract
 */
export function snapshotsOfVersions(
  present: Present,
  contract: Uint8Array,
): (version: OfVersion) => Snapshot {
  const meshOf = meshesOfVersions(present);
  return (version) => {
    const mesh = meshOf(version);
    return { ...snapshotOf(translate(mesh, contract)), sidecars: sidecarsOf(mesh) };
  };
}
