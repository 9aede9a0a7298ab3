// What the control plane has from before: all that survives a restart.

import { type KeptKeys, keptKeysName, parseKeptKeys } from "../source/issuer-keys/index.ts";
import { type Leases, parseLeases } from "../source/leases/index.ts";
import {
  type Audit,
  createAudit,
  createKeeper,
  instancesName,
  type Keeper,
  type LastGood,
  type LastRefused,
  lastGoodName,
  lastRefusedName,
  loadJoinToken,
  loadLastGood,
  loadLastRefused,
  loadSigningKeys,
  openDirectoryState,
  readDocument,
  type SigningKeys,
  type State,
} from "../state/index.ts";
import { gatewaysName, type KnownGateways, parseGateways } from "../status/index.ts";
import { must, type Started } from "./start.ts";

/** What was kept, and what keeps it. */
export interface Kept {
  readonly state: State;
  readonly joinToken: string;
  /** The files that the mesh was last made from; absent at the very first start. */
  readonly lastGood: LastGood | undefined;
  readonly keepLastGood: Keeper;
  /** The files that gateways refused, where they stand as they were. */
  readonly lastRefused: LastRefused | undefined;
  readonly keepLastRefused: Keeper;
  /** The instances that ran. */
  readonly instances: Leases | undefined;
  readonly keepInstances: Keeper;
  readonly signingKeys: SigningKeys;
  /** The keys of other issuers. */
  readonly issuerKeys: readonly KeptKeys[];
  readonly keepIssuerKeys: Keeper;
  /** The gateways that were connected. */
  readonly gateways: KnownGateways;
  readonly keepGateways: Keeper;
  readonly audit: Audit;
}

/** Opens the state; the process ends where that cannot be. */
export async function openKept({ settings, log, report, closing }: Started): Promise<Kept> {
  const state = must(log, await openDirectoryState(settings.stateFolder));
  const kept: Kept = {
    state,
    joinToken: must(log, await loadJoinToken(state, report)),
    lastGood: must(log, await loadLastGood(state, report)),
    keepLastGood: createKeeper(state, lastGoodName, report),
    lastRefused: must(log, await loadLastRefused(state, report)),
    keepLastRefused: createKeeper(state, lastRefusedName, report),
    instances: must(
      log,
      await readDocument(state, instancesName, (text) => parseLeases(text, Date.now()), report),
    ),
    keepInstances: createKeeper(state, instancesName, report),
    signingKeys: must(log, await loadSigningKeys(state, { now: new Date(), report })),
    issuerKeys: must(log, await readDocument(state, keptKeysName, parseKeptKeys, report)) ?? [],
    keepIssuerKeys: createKeeper(state, keptKeysName, report),
    gateways:
      must(
        log,
        await readDocument(state, gatewaysName, (text) => parseGateways(text, Date.now()), report),
      ) ?? new Map(),
    keepGateways: createKeeper(state, gatewaysName, report),
    audit: createAudit(state, () => new Date(), report),
  };
  const { keepGateways, keepInstances, keepIssuerKeys, keepLastGood, keepLastRefused } = kept;
  const keepers = [keepLastGood, keepLastRefused, keepInstances, keepIssuerKeys, keepGateways];
  for (const { settled } of [...keepers, kept.audit]) closing(settled);
  return kept;
}
