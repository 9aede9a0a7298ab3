// Whether a token is one of the mesh's own issuer, and allows what is asked.

import type { SigningKeys } from "./signing-keys.ts";
import { verifyToken, type WantedToken } from "./verify-token.ts";
import { audience } from "./well-known.ts";

/** Whom a token is for, or why it is not taken. */
export type CheckedToken =
  | { readonly ok: true; readonly subject: string }
  /** `scope`: it is good, and does not allow this. `token`: it is not good, and says why. */
  | { readonly ok: false; readonly kind: "token"; readonly why: string }
  | { readonly ok: false; readonly kind: "scope"; readonly subject: string };

/** Checks it as `verifyToken` does, and its scope. */
export function checkToken(
  keys: SigningKeys,
  token: string,
  wanted: Omit<WantedToken, "audience"> & { readonly scope: string },
): CheckedToken {
  const verified = verifyToken(keys, token, { ...wanted, audience });
  if (!verified.ok) return { ok: false, kind: "token", why: verified.why };
  const { subject, scopes } = verified;
  return scopes.includes(wanted.scope)
    ? { ok: true, subject }
    : { ok: false, kind: "scope", subject };
}
