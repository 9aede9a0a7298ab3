// The mesh that files describe, without what only a running mesh has.

import type { MeshConfig } from "../config/index.ts";
import { buildMesh } from "../model/build-mesh.ts";
import type { Issuer } from "../model/issuer.ts";
import type { Mesh, Trust } from "../model/mesh.ts";
import type { Instance } from "../source/instance.ts";

/** What a mesh has that its files do not hold. */
export interface Outside {
  /** PEM, by the agent whose instances prove themselves by it: for every such agent. */
  readonly authorities: ReadonlyMap<string, string>;
  /** PEM, where the gateways ask for certificates. */
  readonly clientAuthorities?: string | undefined;
  /** The key sets of issuers that are in files, by issuer. */
  readonly issuerFiles?: ReadonlyMap<string, string>;
  /** PEM, by the egress whose host proves itself by it: for every such egress. */
  readonly egressAuthorities?: ReadonlyMap<string, string>;
  /** For every egress that is called with a key. */
  readonly egressKeys?: ReadonlyMap<string, string>;
  /** Those whose keys are at a URL; absent, their tokens are refused. */
  readonly issuers?: readonly Issuer[];
  /** By agent; absent, no instance registered itself. */
  readonly instances?: ReadonlyMap<string, readonly Instance[]>;
}

/**
 * The mesh, without the certificates of its nodes and the mesh's own keys:
 * `staticBootstrap` leaves them out, see `edgeVariables`.
 *
 * `config` must have passed every check of `parseMesh`.
 */
export function offlineMesh(config: MeshConfig, outside: Outside): Mesh {
  const mesh = buildMesh(config, {
    ...outside,
    instances: outside.instances ?? new Map(),
    certificate: nothing,
    issuerKeys: "",
  });
  const meets = mesh.agents.some(({ instances }) =>
    instances.some(({ reach }) => reach === "sidecar"),
  );
  return meets ? withTrust(mesh) : mesh;
}

/** The same for a node that proves itself to others of the mesh. */
export function withTrust(mesh: Mesh): Mesh & { readonly trust: Trust } {
  return { ...mesh, trust: { domain: mesh.name, authorities: "", certificate: nothing } };
}

const nothing = { certificateChain: "", privateKey: "" };
