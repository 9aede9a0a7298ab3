// Tokens of the mesh's own issuer.

import { randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";
import { failure, type Outcome, success } from "./outcome.ts";
import { longestTokenLifetimeMs, type SigningKeys, signerOf } from "./signing-keys.ts";
import { audience, issuerOf } from "./well-known.ts";

/** What a token is to say. */
export interface TokenRequest {
  /** The mesh's name. */
  readonly mesh: string;
  /** Who it is for: `sub`. */
  readonly subject: string;
  /** What its holder may do, such as `agents:invoke`. */
  readonly scopes: readonly string[];
  /** In milliseconds; at least a second, at most `longestTokenLifetimeMs`. */
  readonly lifetimeMs: number;
  /** More claims, which routes can match on. None of those that are set here. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** What it is for: `aud`. Calls of agents, unless it is given. */
  readonly audience?: string;
}

/** A token, and what to know of it without reading it. */
export interface Token {
  /** The JWT itself. Never logged. */
  readonly token: string;
  /** Its own name: `jti`. */
  readonly id: string;
  readonly expires: Date;
}

/** Signs a token (RFC 7519). What the request has wrong comes back as a problem. */
export function mintToken(keys: SigningKeys, request: TokenRequest, now: Date): Outcome<Token> {
  const wrong = problemIn(request);
  if (wrong !== undefined) return failure({ kind: "refused", path: "token", message: wrong });
  const id = randomUUID();
  const key = signerOf(keys, now);
  const issued = Math.floor(now.getTime() / 1000);
  const expires = issued + Math.floor(request.lifetimeMs / 1000);
  const claims = {
    ...request.claims,
    iss: issuerOf(request.mesh),
    aud: request.audience ?? audience,
    sub: request.subject,
    scope: request.scopes.join(" "),
    iat: issued,
    exp: expires,
    jti: id,
  };
  const token = jwt.sign(claims, key.privateKey, { algorithm: key.algorithm, keyid: key.kid });
  return success({ token, id, expires: new Date(expires * 1000) });
}

const ownClaims: ReadonlySet<string> = new Set([
  "iss",
  "aud",
  "sub",
  "scope",
  "iat",
  "exp",
  "nbf",
  "jti",
]);

function problemIn(request: TokenRequest): string | undefined {
  const { subject, scopes, lifetimeMs, claims = {} } = request;
  if (subject.trim() === "") return "A token needs a subject: who it is for.";
  // It becomes a header, in which a control character would end it.
  if (/\p{Cc}/u.test(subject)) return "A subject has no control characters.";
  // RFC 6749 section 3.3.
  const odd = scopes.find((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  if (odd !== undefined) return `${JSON.stringify(odd)} is no scope: no spaces, quotes or accents.`;
  if (!(lifetimeMs >= 1000 && lifetimeMs <= longestTokenLifetimeMs)) {
    return "A token lives for at least a second and at most 365 days.";
  }
  const own = Object.keys(claims).find((name) => ownClaims.has(name));
  return own === undefined ? undefined : `The claim ${own} is set by the mesh itself.`;
}
