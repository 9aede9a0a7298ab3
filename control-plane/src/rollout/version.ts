// One version of the operator's files, with what the files hold at present that it names.

import { type Found, followNamedFiles, type MeshConfig, type NamedFiles } from "../config/index.ts";
import { hashOf, type LastGood } from "../state/index.ts";

/** Who asked for a version, and how. */
export interface Asked {
  /** The subject of a token, `local` on this machine, or `file` for a save. */
  readonly who: string;
  readonly what: "start" | "save" | "apply";
}

/** One version of the operator's files, which passed every check. */
export interface Version {
  readonly config: MeshConfig;
  readonly from: LastGood;
  readonly restored: boolean;
  readonly warnings: readonly string[];
  readonly asked: Asked;
  /** What the files hold at present that it names. */
  named(): NamedFiles;
  /** Follows those files no more. */
  close(): Promise<void>;
}

/** Told of the files that a version names. */
export interface NamedTold {
  /** One of them has changed. */
  renewed(version: Version, before: NamedFiles): void;
  /** One cannot be used; what was there before goes on being served. */
  refused(problems: readonly string[]): void;
}

/** The version that was found, with its named files followed until it is closed. */
export function openVersion(found: Found, asked: Asked, now: () => Date, told: NamedTold): Version {
  const { config, from, restored, warnings } = found;
  let named = found.named;
  const watching = followNamedFiles(config, named, now, {
    renewed(next) {
      const before = named;
      named = next;
      told.renewed(version, before);
    },
    refused: told.refused,
  });
  const version: Version = {
    config,
    from,
    restored,
    warnings,
    asked,
    named: () => named,
    close: () => watching.close(),
  };
  return version;
}

/** Tells whether a version, with the files that it names, is the same. */
export function hashOfVersion({ from, named }: Pick<Found, "from" | "named">): string {
  return hashOf(JSON.stringify([from.hash, namedText(named)]));
}

/** What named files hold, as one text, without keys. */
export function namedText(named: NamedFiles): string {
  const { authorities, clientAuthorities, issuerAuthorities, issuerFiles, pair } = named;
  const keys = new Map([...named.egressKeys].map(([name, key]) => [name, hashOf(key)]));
  const byName = [authorities, issuerAuthorities, issuerFiles, named.egressAuthorities, keys].map(
    (texts) => [...texts].sort(),
  );
  return JSON.stringify([pair?.certificateChain ?? "", clientAuthorities ?? "", ...byName]);
}
