// A certificate and keys that nobody else has, for an Envoy that only tries things out.

import type { KeyPair } from "../model/mesh.ts";
import {
  edgeCertificate,
  loadSigningKeys,
  type Outcome,
  openAuthority,
  openDirectoryState,
  type SigningKeys,
} from "../state/index.ts";

/** What a mesh proves itself and its callers with. */
export interface ThrowawayKeys {
  /** The certificate of the authority, PEM. */
  readonly ca: string;
  /** The gateway's, for localhost. */
  readonly certificate: KeyPair;
  /** Sign tokens. */
  readonly keys: SigningKeys;
}

/** Makes them in a folder that is nobody else's. */
export async function makeThrowawayKeys(folder: string, mesh: string): Promise<ThrowawayKeys> {
  const now = new Date();
  const report = ({ message }: { readonly message: string }): never => {
    throw new Error(message);
  };
  const state = got(await openDirectoryState(folder));
  const authority = got(await openAuthority(state, { mesh, now, report }));
  const certificate = got(
    await edgeCertificate(state, authority, { hostname: "localhost", now, report }),
  );
  const keys = got(await loadSigningKeys(state, { now, report }));
  return { ca: authority.certificate, certificate, keys };
}

/** What a fresh folder cannot refuse; where it does, the disk is full or the like. */
function got<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}
