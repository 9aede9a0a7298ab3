// Where the issuers of a mesh publish their keys.

import type { FileIssuer, KeyPlace } from "../source/issuer-keys/index.ts";
import type { MeshConfig } from "./mesh-config.ts";

/**
 * The issuers whose keys are fetched.
 *
 * @param authorities what the files hold that `ca` names, by issuer
 */
export function keyPlacesOf(
  config: MeshConfig,
  authorities: ReadonlyMap<string, string>,
): readonly KeyPlace[] {
  return config.identity.flatMap(({ issuer, keys }) => {
    const { ca, internal, url } = keys;
    if (url === undefined) return [];
    const place = { issuer: issuer.value, url: url.value, internal: internal?.value === true };
    if (ca === undefined) return [place];
    // Nobody is believed while the file cannot be read: never the public authorities instead.
    return [{ ...place, authorities: authorities.get(issuer.value) ?? "" }];
  });
}

/**
 * The issuers whose keys are in files.
 *
 * @param texts what those files hold, by issuer
 */
export function keyFilesOf(
  config: MeshConfig,
  texts: ReadonlyMap<string, string>,
): readonly FileIssuer[] {
  return config.identity.flatMap(({ issuer, keys: { file } }): readonly FileIssuer[] => {
    const keys = texts.get(issuer.value);
    if (file === undefined || keys === undefined) return [];
    return [{ issuer: issuer.value, file: file.value, keys }];
  });
}
