// What differs between two versions of a mesh's files, for operators and for Envoy.

import { descriptorSet } from "@smartcall/protos";
import type { MeshConfig } from "../../config/index.ts";
import { emptyDraft, singleFiles } from "../../config/single-files.ts";
import type { Mesh, Route } from "../../model/mesh.ts";
import { offlineMesh } from "../../render/index.ts";
import {
  compareSnapshots,
  type Resource,
  type ResourceType,
  resourceTypes,
  type Snapshot,
  snapshotOf,
} from "../../snapshot/index.ts";
import type { Origin } from "../../source/origin.ts";
import { translate } from "../../translate/index.ts";
import { withPlace } from "../with-place.ts";
import { agentWords } from "./agent-words.ts";
import { egressTold } from "./egress-told.ts";
import {
  boundsWords,
  budgetsTold,
  clientsWords,
  corsWords,
  issuersTold,
  pricesTold,
} from "./policies-told.ts";

/** What differs; everything is sorted as in the newer mesh, what is gone comes last. */
export interface MeshDifference {
  readonly routes: readonly Change<Route>[];
  /** Each in words. */
  readonly agents: readonly Change<Told>[];
  /** Each in words, by the issuer's name. */
  readonly issuers: readonly Change<Told>[];
  readonly budgets: readonly Change<Told>[];
  /** By agent. */
  readonly prices: readonly Change<Told>[];
  /** Hosts outside the mesh, each in words. */
  readonly egress: readonly Change<Told>[];
  readonly gateway: GatewayChange | undefined;
  /** The name of the mesh, where it is another. */
  readonly name: Both<string> | undefined;
  /** Names of what Envoy is given, by type. */
  readonly envoy: Readonly<Partial<Record<ResourceType, Names>>>;
}

/** One thing that is in only one of the two, or not the same in both. */
export interface Change<T> {
  readonly name: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** A thing in words. */
export interface Told {
  readonly name: string;
  readonly words: string;
  readonly origin: Origin;
}

/** How the gateways listen and what they allow, where it is not the same. */
export interface GatewayChange {
  readonly address: Both<string> | undefined;
  readonly certificate: Both<string> | undefined;
  readonly cors: Both<string> | undefined;
  readonly clients: Both<string> | undefined;
  readonly bounds: Both<string> | undefined;
}

/** A value before and after. */
export interface Both<T> {
  readonly before: T;
  readonly after: T;
}

/** Resources of one type. */
export interface Names {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Compares what two versions mean, without what only a running mesh has. Of the
 * files that they name only the names count, not what is in them.
 */
export function compareMeshes(before: MeshConfig, after: MeshConfig): MeshDifference {
  const [old, fresh] = [meshOf(before), meshOf(after)];
  return {
    routes: changes(old.routes.map(plainShare), fresh.routes.map(plainShare)),
    agents: changes(agentsOf(before), agentsOf(after)),
    issuers: changes(issuersTold(before), issuersTold(after)),
    budgets: changes(budgetsTold(before), budgetsTold(after)),
    prices: changes(pricesTold(before), pricesTold(after)),
    egress: changes(egressTold(before), egressTold(after)),
    gateway: gatewayChange(before, after),
    name: both(before.mesh, after.mesh),
    envoy: envoyDifference(snapshotFor(old), snapshotFor(fresh)),
  };
}

/** Whether nothing differs. */
export function isSame(difference: MeshDifference): boolean {
  const { agents, budgets, egress, envoy, gateway, issuers, name, prices, routes } = difference;
  return (
    [routes, agents, issuers, budgets, prices, egress].every(({ length }) => length === 0) &&
    gateway === undefined &&
    name === undefined &&
    Object.keys(envoy).length === 0
  );
}

/** The weight of the only agent says nothing. */
function plainShare(route: Route): Route {
  const [only, ...others] = route.to;
  return only === undefined || others.length > 0
    ? route
    : { ...route, to: [{ agent: only.agent, weight: 1 }] };
}

function meshOf(config: MeshConfig): Mesh {
  const names = emptyDraft();
  for (const single of singleFiles(config)) single.put(names, single.file.file);
  for (const { key, name } of config.egress) {
    if (key?.env !== undefined) names.egressKeys.set(name, `variable ${key.env.value}`);
  }
  const issuers = config.identity.flatMap(({ audiences, issuer, keys: { url } }) =>
    url === undefined
      ? []
      : [{ name: issuer.value, audiences, keys: url.value, origin: issuer.at }],
  );
  const mesh = offlineMesh(config, { ...names, issuers });
  const certificate = { certificateChain: certificateOf(config), privateKey: "" };
  const https = { ...mesh.gateway.https, certificate };
  return { ...mesh, gateway: { ...mesh.gateway, https } };
}

function agentsOf({ agents }: MeshConfig): readonly Told[] {
  return [...agents]
    .map(([name, { at, value }]) => ({ name, words: agentWords(value), origin: at }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function snapshotFor(mesh: Mesh): Snapshot {
  return snapshotOf(translate(mesh, descriptorSet()));
}

function gatewayChange(before: MeshConfig, after: MeshConfig): GatewayChange | undefined {
  const compared = (words: (config: MeshConfig) => string): Both<string> | undefined =>
    both(words(before), words(after));
  const change = {
    address: compared(addressOf),
    certificate: compared(certificateOf),
    cors: compared(({ gateway }) => corsWords(gateway)),
    clients: compared(({ gateway }) => clientsWords(gateway)),
    bounds: compared(({ gateway }) => boundsWords(gateway)),
  };
  return Object.values(change).every((each) => each === undefined) ? undefined : change;
}

function addressOf({ gateway: { https } }: MeshConfig): string {
  const { address, port } = https;
  return address.value.includes(":") ? `[${address.value}]:${port}` : `${address.value}:${port}`;
}

/** What says which certificate it is, in place of the certificate itself. */
function certificateOf({ gateway: { https } }: MeshConfig): string {
  const { certificate } = https;
  return certificate.kind === "dev" ? "dev" : `${certificate.cert.file}, ${certificate.key.file}`;
}

function both(before: string, after: string): Both<string> | undefined {
  return before === after ? undefined : { before, after };
}

interface Placed {
  readonly name: string;
  readonly origin: Origin;
}

/** Where a thing was written does not count. */
function changes<T extends Placed>(
  before: readonly T[],
  after: readonly T[],
): readonly Change<T>[] {
  const old = new Map(before.map((one) => [one.name, one]));
  const fresh = new Set(after.map(({ name }) => name));
  const told = (one: T): string => JSON.stringify(withPlace(one), withoutPlaces);
  return [
    ...after.flatMap((one) => {
      const known = old.get(one.name);
      return known !== undefined && told(known) === told(one)
        ? []
        : [{ name: one.name, before: known, after: one }];
    }),
    ...before
      .filter(({ name }) => !fresh.has(name))
      .map((one) => ({ name: one.name, before: one, after: undefined })),
  ];
}

/** No header or claim is an object, so one with the name `at` stays. */
function withoutPlaces(key: string, value: unknown): unknown {
  return key === "at" && typeof value === "object" && !Array.isArray(value) ? undefined : value;
}

function envoyDifference(before: Snapshot, after: Snapshot): MeshDifference["envoy"] {
  const found: Partial<Record<ResourceType, Names>> = {};
  const differences = compareSnapshots(before, after);
  for (const type of resourceTypes) {
    const difference = differences[type];
    if (difference === undefined) continue;
    const known: ReadonlyMap<string, Resource> = before[type];
    found[type] = {
      added: difference.changed.filter((name) => !known.has(name)),
      changed: difference.changed.filter((name) => known.has(name)),
      removed: difference.removed,
    };
  }
  return found;
}
