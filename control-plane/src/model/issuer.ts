// Whose tokens the gateways take, and which of them not any more.

import type { Origin } from "../source/origin.ts";

/** Who may issue tokens that the gateways take. */
export interface Issuer {
  /** The `iss` of its tokens. */
  readonly name: string;
  /** A token's `aud` must be one of these. */
  readonly audiences: readonly string[];
  /** Its public keys: a JSON Web Key Set (RFC 7517). */
  readonly keys: string;
  /** Where it is written; absent for the mesh's own, whose tokens may also come as API keys. */
  readonly origin?: Origin | undefined;
}

/** What was revoked. Both lists are sorted. */
export interface Denied {
  /** Tokens by their `jti`, whoever issued them. */
  readonly tokens: readonly string[];
  /** Callers by their `sub`, whoever issued their tokens. */
  readonly subjects: readonly string[];
}
