// The issuers of a mesh whose keys were fetched.

import type { MeshConfig } from "../config/mesh-config.ts";
import type { Issuer } from "./issuer.ts";

/**
 * Those whose keys are there; the tokens of the others are refused.
 *
 * @param keysOf the key set that was fetched from a URL, if it ever was
 */
export function fetchedIssuers(
  config: MeshConfig,
  keysOf: (issuer: string, url: string) => string | undefined,
): readonly Issuer[] {
  return config.identity.flatMap(({ audiences, issuer, keys: { url } }): readonly Issuer[] => {
    const keys = url && keysOf(issuer.value, url.value);
    return keys === undefined ? [] : [{ name: issuer.value, audiences, keys, origin: issuer.at }];
  });
}
