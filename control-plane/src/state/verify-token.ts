// Whether a token is one that this mesh signed, for whom it says.

import { createPublicKey } from "node:crypto";
import { isObject } from "@smartcall/runtime";
import jwt from "jsonwebtoken";
import type { SigningKeys } from "./signing-keys.ts";
import { issuerOf } from "./well-known.ts";

/** What a good token says; or why it is not taken, as the end of a sentence. */
export type VerifiedToken =
  | {
      readonly ok: true;
      readonly subject: string;
      /** Its `jti`; empty where it has none. */
      readonly id: string;
      readonly scopes: readonly string[];
      readonly expires: Date;
    }
  | { readonly ok: false; readonly why: string };

/** What is wanted of a token. */
export interface WantedToken {
  readonly mesh: string;
  /** Whom it must be for: its `aud`. */
  readonly audience: string;
  readonly now: Date;
  /** Whether the token or its subject was revoked. */
  readonly isDenied?: (token: { readonly id: string; readonly subject: string }) => boolean;
}

/**
 * Checks signature (as its key signs and no other way, RFC 8725 section 3.1), issuer, audience
 * and times. A token without an expiry or a subject is none of ours.
 */
export function verifyToken(keys: SigningKeys, token: string, wanted: WantedToken): VerifiedToken {
  let claims: unknown;
  try {
    const kid = jwt.decode(token, { complete: true })?.header.kid;
    const key = keys.find((each) => each.kid === kid);
    if (key === undefined) return refused("it is not signed by a key of this mesh");
    claims = jwt.verify(token, createPublicKey({ key: { ...key.publicKey }, format: "jwk" }), {
      algorithms: [key.algorithm],
      issuer: issuerOf(wanted.mesh),
      audience: wanted.audience,
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
  return { ok: true, subject: sub, id, scopes, expires: new Date(exp * 1000) };
}

function refused(why: string): VerifiedToken {
  return { ok: false, why };
}
