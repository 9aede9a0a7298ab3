// Makes a mesh of what operators wrote, what runs, and the mesh's keys.

import type { MeshConfig } from "../config/mesh-config.ts";
import type { Instance, InstanceAddress } from "../source/instance.ts";
import type { OwnServices } from "../source/own-services/index.ts";
import { agentsOf } from "./build-agents.ts";
import { egressOf } from "./build-egress.ts";
import { gatewayOf, issuersOf } from "./build-gateway.ts";
import { budgetsOf, pricesOf } from "./build-policies.ts";
import { routesOf } from "./build-routes.ts";
import type { Denied, Issuer } from "./issuer.ts";
import type { KeyPair, Mesh, Trust } from "./mesh.ts";

/** What a mesh needs besides its config. */
export interface Material {
  /**
   * By agent, from leases and DNS. Left out are those of agents that the config
   * does not list.
   */
  readonly instances: ReadonlyMap<string, readonly Instance[]>;
  /** By agent, what leases brought beside the contract. */
  readonly services?: ReadonlyMap<string, OwnServices>;
  /** What the gateways prove themselves with. */
  readonly certificate: KeyPair;
  /** What the gateways prove themselves to sidecars with. */
  readonly trust?: Trust | undefined;
  /** PEM, for each agent whose instances prove themselves. */
  readonly authorities?: ReadonlyMap<string, string>;
  /** The public keys of the mesh's own issuer: a JSON Web Key Set. */
  readonly issuerKeys: string;
  /** Those of the other issuers whose keys are at a URL, if they were fetched yet. */
  readonly issuers?: readonly Issuer[];
  /** The key sets of the other issuers that are in files, by the issuer's name. */
  readonly issuerFiles?: ReadonlyMap<string, string>;
  /** PEM, where the gateways ask for certificates. */
  readonly clientAuthorities?: string | undefined;
  /** PEM, for each egress that names its authorities. */
  readonly egressAuthorities?: ReadonlyMap<string, string>;
  /** For each egress that is called with a key. */
  readonly egressKeys?: ReadonlyMap<string, string>;
  /** What was revoked. */
  readonly denied?: Denied;
  /** Where the quota service listens. */
  readonly quota?: readonly InstanceAddress[];
}

/**
 * The mesh: pure, and the same for the same content in whatever order it was written.
 *
 * `config` must have passed every check of `parseMesh`.
 */
export function buildMesh(config: MeshConfig, material: Material): Mesh {
  const budgets = budgetsOf(config);
  const prices = pricesOf(config);
  const egress = egressOf(config, material);
  return {
    name: config.mesh,
    gateway: gatewayOf(config, material),
    issuers: issuersOf(config, material),
    ...(material.denied && { denied: material.denied }),
    ...(budgets.length > 0 && { budgets }),
    ...(prices.length > 0 && { prices }),
    ...(material.quota && { quota: material.quota }),
    ...(material.trust && { trust: material.trust }),
    agents: agentsOf(config, material),
    ...(egress.length > 0 && { egress }),
    routes: routesOf(config),
  };
}
