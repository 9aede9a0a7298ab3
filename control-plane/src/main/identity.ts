// Whose tokens are taken and whose not any more: issuers that are fetched, keys, revocations.

import { type Clock, systemClock, tellParent } from "@smartcall/runtime";
import { createKeyOffice, type KeyOffice, type KeyOfficeOptions } from "../admin/index.ts";
import { agentsOf, keyFilesOf, keyPlacesOf, type MeshConfig } from "../config/index.ts";
import type { Material } from "../model/build-mesh.ts";
import { fetchedIssuers } from "../model/fetched-issuers.ts";
import type { Version } from "../rollout/index.ts";
import { resolveHost } from "../source/addresses/index.ts";
import {
  createFileIssuers,
  fetchKeySet,
  followIssuerKeys,
  printKeptKeys,
} from "../source/issuer-keys/index.ts";
import type { OwnKeys } from "../source/own-keys.ts";
import { openOwnTokens } from "../source/own-tokens/index.ts";
import type { Kept } from "./kept.ts";
import { nodesAt } from "./listen-for-nodes.ts";
import { must, type Started } from "./start.ts";

/** What it works with. */
export interface IdentityOptions {
  /** The mesh's name, once it is known. */
  readonly mesh: () => string;
  /** Once they are open. */
  readonly keys: () => OwnKeys | undefined;
  /** Gateways must be given something else. */
  readonly refresh: (reason: "issuer keys" | "revocation") => void;
  /** Resolves once what was changed is at the gateways, or has had time to be. */
  readonly reached: KeyOfficeOptions["reached"];
  readonly clock?: Clock;
}

/** Issuers, keys and revocations. */
export interface Identity {
  /** What a mesh is built with at this moment. */
  material(config: MeshConfig): Pick<Material, "issuers" | "denied">;
  /** Fetches the keys of the issuers of these versions from here on; settles as `using` must. */
  follow(versions: readonly Version[]): Promise<void>;
  /** A file has changed that one of them names. */
  renewed(): void;
  isDenied(token: { readonly id: string; readonly subject: string }): boolean;
  /** How many revocations were made since a moment, in milliseconds since 1970. */
  revokedSince(moment: number): number;
  /** Until when revocations are in what `material` gives. */
  revokedUntil(): number;
  /** For the operator's pages; undefined until the mesh's own keys are open. */
  office(): KeyOffice | undefined;
}

/** Opens them; the process ends where that cannot be. */
export async function openIdentity(
  { settings, log, report, closing }: Started,
  kept: Kept,
  { mesh, keys, refresh, reached, clock = systemClock }: IdentityOptions,
): Promise<Identity> {
  const now = (): Date => new Date(clock.now());
  const signingKeys = () => keys()?.signingKeys() ?? kept.signingKeys;
  const tokens = must(
    log,
    await openOwnTokens(kept.state, {
      mesh,
      signingKeys,
      now,
      clock,
      audit: kept.audit,
      report,
      changed: () => refresh("revocation"),
    }),
  );
  closing(() => tokens.close());
  const followed = followIssuerKeys({
    clock,
    random: Math.random,
    fetch: (place) => fetchKeySet(place, resolveHost),
    kept: kept.issuerKeys,
    keep: (all) => kept.keepIssuerKeys.keep(printKeptKeys(all)),
    change: () => refresh("issuer keys"),
    say({ level, issuer, message }) {
      log[level]({ issuer }, message);
      // Whoever started the mesh would look long for why these callers are refused.
      if (level === "error") tellParent(`The issuer ${issuer}: ${message}.`);
    },
  });
  closing(() => followed.close());
  const inFiles = createFileIssuers(clock);
  let office: KeyOffice | undefined;
  let inUse: readonly Version[] = [];
  const follow = (versions: readonly Version[]): Promise<void> => {
    inUse = versions;
    const places = versions.flatMap(({ config, named }) =>
      keyPlacesOf(config, named().issuerAuthorities),
    );
    inFiles.use(versions.flatMap(({ config, named }) => keyFilesOf(config, named().issuerFiles)));
    return followed.follow(places);
  };
  return {
    material: (config) => ({
      issuers: fetchedIssuers(config, followed.keysOf),
      denied: tokens.denied(),
    }),
    follow,
    renewed: () => void follow(inUse),
    isDenied: (token) => tokens.isDenied(token),
    revokedSince(moment) {
      const { tokens: ids, subjects } = tokens.revocations();
      const times = [...ids.values(), ...subjects.values()].map(({ at }) => at.getTime());
      return times.filter((at) => at > moment).length;
    },
    revokedUntil: () => tokens.revokedUntil().getTime(),
    office() {
      const own = keys();
      if (own === undefined) return undefined;
      office ??= createKeyOffice({
        tokens,
        signingKeys,
        rotate: own.rotate,
        issuers: () => [...followed.standing(), ...inFiles.standing()],
        reached,
        now,
        agents: () => agentsOf(inUse.map(({ config }) => config)),
        nodesAt: nodesAt(settings),
      });
      return office;
    },
  };
}
