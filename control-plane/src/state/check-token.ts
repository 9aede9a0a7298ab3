// Whether a token is one of the mesh's own issuer, and allows what is asked.

import { createPublicKey } from "node:crypto";
import { isObject } from "@smartcall/runtime";
import jwt from "jsonwebtoken";
import type { SigningKeys } from "./signing-keys.ts";
import { audience, issuerOf } from "./token.ts";

/** Whom a token is for, or why it is not taken. */
export type CheckedToken =
  | { readonly ok: true; readonly subject: string }
  /** `scope`: it is good, and does not allow this. `token`: it is not good, and says why. */
  | { readonly ok: false; readonly kind: "token"; readonly why: string }
  | { readonly ok: false; readonly kind: "scope"; readonly subject: string };

/** What allows its holder to see and change the mesh: the scope of operators. */
export const operatorScope = "mesh:admin";

/**
 * Checks signature (as its key signs and no other way, RFC 8725 section 3.1), issuer, audience,
 * times and scope. A token without an expiry or a subject is none of ours.
 */
export function checkToken(
  keys: SigningKeys,
  token: string,
  wanted: {
    readonly mesh: string;
    readonly scope: string;
    readonly now: Date;
    /** Whether the token or its subject was revoked. */
    readonly isDenied?: (token: { readonly id: string; readonly subject: string }) => boolean;
  },
): CheckedToken {
  let claims: unknown;
  try {
    const kid = jwt.decode(token, { complete: true })?.header.kid;
    const key = keys.find((each) => each.kid === kid);
    if (key === undefined) return refused("it is not signed by a key of this mesh");
    claims = jwt.verify(token, createPublicKey({ key: { ...key.publicKey }, format: "jwk" }), {
      algorithms: [key.algorithm],
      issuer: issuerOf(wanted.mesh),
      audience,
      clockTimestamp: Math.floor(wanted.now.getTime() / 1000),
    });
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) {
      return refused(`it expired at ${error.expiredAt.toISOString()}`);
    }
    if (error instanceof jwt.NotBeforeError) return refused("it is not good yet");
    return refused("it is not one of this mesh");
  }
  const { sub, scope, exp, jti } = isObject(claims) ? claims : {};
  if (typeof sub !== "string" || sub === "" || typeof exp !== "number") {
    return refused("it does not say whose it is and until when");
  }
  const id = typeof jti === "string" ? jti : "";
  if (wanted.isDenied?.({ id, subject: sub }) === true) return refused("it was revoked");
  const scopes = typeof scope === "string" ? scope.split(" ") : [];
  return scopes.includes(wanted.scope)
    ? { ok: true, subject: sub }
    : { ok: false, kind: "scope", subject: sub };
}

function refused(why: string): CheckedToken {
  return { ok: false, kind: "token", why };
}
