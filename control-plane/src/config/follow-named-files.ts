// Follows the files that a mesh names: they change without any save of the mesh.

import { watchAuthorities } from "../source/files/authorities-file.ts";
import { watchKeyPair } from "../source/files/key-pair.ts";
import type { Watching } from "../source/files/watch-content.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { authoritiesDiagnostics, keyPairDiagnostics, keyPairPaths } from "./file-diagnostics.ts";
import { type FileReference, pathOf } from "./file-path.ts";
import type { MeshConfig } from "./mesh-config.ts";
import { authorityFiles, type NamedFiles } from "./named-files.ts";
import { prettyDiagnostic } from "./pretty.ts";

/** Told of what the files become. */
export interface FollowedFiles {
  /** They can all be used, and one is not the one before. */
  renewed(files: NamedFiles): void;
  /** One cannot be used; what was there before goes on being served. */
  refused(problems: readonly string[]): void;
}

/** Follows every file that `config` names. */
export function followNamedFiles(
  config: MeshConfig,
  first: NamedFiles,
  now: () => Date,
  followed: FollowedFiles,
): Watching {
  let served = first;
  const take = (problems: readonly Diagnostic[], next: NamedFiles): void => {
    if (problems.length > 0) {
      followed.refused(problems.map((problem) => prettyDiagnostic(problem)));
    } else if (next !== served) {
      served = next;
      followed.renewed(next);
    }
  };
  const followAuthorities = ([agent, ca]: [string, FileReference]): Watching =>
    watchAuthorities(pathOf(ca), (read) => {
      const found = read.kind === "authorities" ? read.certificates : undefined;
      const isOther = found !== undefined && found !== served.authorities.get(agent);
      const next = isOther
        ? { ...served, authorities: new Map(served.authorities).set(agent, found) }
        : served;
      take(authoritiesDiagnostics(ca, read), next);
    });

  const { certificate } = config.gateway.https;
  const watching = [...authorityFiles(config)].map(followAuthorities);
  if (certificate.kind === "files") {
    watching.push(
      watchKeyPair(keyPairPaths(certificate), (read) => {
        const isOther =
          read.kind === "pair" && read.certificateChain !== served.pair?.certificateChain;
        const next = isOther ? { ...served, pair: read } : served;
        take(keyPairDiagnostics(certificate, read, now()), next);
      }),
    );
  }
  return {
    close: async () => {
      await Promise.all(watching.map((each) => each.close()));
    },
  };
}
