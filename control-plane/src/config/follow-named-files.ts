// Follows the files that a mesh names: they change without any save of the mesh.

import { watchKeyPair } from "../source/files/key-pair.ts";
import type { Watching } from "../source/files/watch-content.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { keyPairDiagnostics, keyPairPaths } from "./file-diagnostics.ts";
import type { MeshConfig } from "./mesh-config.ts";
import type { NamedFiles } from "./named-files.ts";
import { prettyDiagnostic } from "./pretty.ts";
import {
  draftOf,
  type SingleFile,
  singleDiagnostics,
  singleFiles,
  textOf,
  watchSingle,
} from "./single-files.ts";

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
  const followSingle = (single: SingleFile): Watching =>
    watchSingle(single, (read) => {
      const found = textOf(read);
      const isOther = found !== undefined && found !== single.held(served);
      const draft = draftOf(served);
      if (isOther) single.put(draft, found);
      take(singleDiagnostics(single, read), isOther ? { pair: served.pair, ...draft } : served);
    });

  const { certificate } = config.gateway.https;
  const watching = singleFiles(config).map(followSingle);
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
