// The issuers of a mesh whose keys are at a URL, with the rules for fetching them.

import type { Origin } from "../source/origin.ts";
import type { MeshConfig } from "./mesh-config.ts";
import type { NamedFiles } from "./named-files.ts";

/** One issuer whose keys are at a URL. */
export interface RemoteIssuer {
  /** The `iss` of its tokens. */
  readonly name: string;
  readonly audiences: readonly string[];
  /** `https:`, with no name or password in it. */
  readonly url: string;
  /** Whether the URL may lead to an address that is not public. */
  readonly internal: boolean;
  /** PEM: whom its server may prove itself by; absent, the authorities that are publicly known. */
  readonly authorities: string | undefined;
  /** Where it is written. */
  readonly origin: Origin;
}

/** Those of a mesh, sorted by name. `config` must have passed every check. */
export function remoteIssuersOf(
  config: MeshConfig,
  { issuerAuthorities }: Pick<NamedFiles, "issuerAuthorities">,
): readonly RemoteIssuer[] {
  return config.identity
    .flatMap(({ audiences, issuer, keys }): readonly RemoteIssuer[] =>
      keys.url === undefined
        ? []
        : [
            {
              name: issuer.value,
              audiences,
              url: keys.url.value,
              internal: keys.internal?.value === true,
              authorities: issuerAuthorities.get(issuer.value),
              origin: issuer.at,
            },
          ],
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
