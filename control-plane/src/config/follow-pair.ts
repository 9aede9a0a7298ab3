// Follows the certificate that a mesh names: its files change without any save of the mesh.

import { watchKeyPair } from "../source/files/key-pair.ts";
import type { Watching } from "../source/files/watch-content.ts";
import type { FilePair } from "./check-files.ts";
import { keyPairDiagnostics, keyPairPaths } from "./file-diagnostics.ts";
import type { CertificateConfig } from "./mesh-config.ts";
import { prettyDiagnostic } from "./pretty.ts";

/** Told of what the files become. */
export interface FollowedPair {
  /** A pair that fits together, and is not the one before. */
  renewed(pair: FilePair): void;
  /** They cannot be used; the pair before goes on being served. */
  refused(problems: readonly string[]): void;
}

/** Follows the files that `certificate` names, if it names any. */
export function followPair(
  certificate: CertificateConfig,
  first: FilePair | undefined,
  now: () => Date,
  followed: FollowedPair,
): Watching {
  if (certificate.kind === "dev") return { close: () => Promise.resolve() };
  let served = first?.certificateChain;
  return watchKeyPair(keyPairPaths(certificate), (read) => {
    const problems = keyPairDiagnostics(certificate, read, now());
    if (read.kind === "refused" || problems.length > 0) {
      followed.refused(problems.map((problem) => prettyDiagnostic(problem)));
    } else if (read.certificateChain !== served) {
      served = read.certificateChain;
      followed.renewed(read);
    }
  });
}
