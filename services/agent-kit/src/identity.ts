// Who calls, as the edge has verified it: never the token itself.

import type { JsonValue } from "./call.ts";
import type { Sent } from "./sent.ts";

/** Whom the caller's token names. The edge has verified it. */
export interface Identity {
  /** The token's `sub`; "" where it has none. */
  readonly subject: string;
  /** The token's `iss`. */
  readonly issuer: string;
  /** What the token allows. */
  readonly scopes: readonly string[];
  /** All that the token says, those above included. */
  readonly claims: Readonly<Record<string, JsonValue>>;
  /** When the token expires; the call ends then. */
  readonly expires?: Date;
}

/** Where the edge writes what a token says: base64url of its JSON. */
const claimsKey = "smartcall-claims";
/** Where it writes the names that a client's certificate has, with commas. */
const certificateKey = "smartcall-certificate";

/** Where the agent's sidecar writes who called it: a SPIFFE name, such as `spiffe://demo/agent/planner`. */
const callerKey = "smartcall-caller";

/** The caller's token, as the edge tells of it; undefined where there was none. */
export function identityOf(sent: Sent): Identity | undefined {
  const [encoded] = sent.get(claimsKey);
  const claims = typeof encoded === "string" ? objectIn(encoded) : undefined;
  if (claims === undefined) return undefined;
  const { sub, iss, scope, exp } = claims;
  return {
    subject: typeof sub === "string" ? sub : "",
    issuer: typeof iss === "string" ? iss : "",
    scopes: scopesIn(scope),
    claims,
    ...(typeof exp === "number" && { expires: new Date(exp * 1000) }),
  };
}

/** The names that the client's certificate has; undefined where it showed none. */
export function certificateNamesOf(sent: Sent): readonly string[] | undefined {
  const [names] = sent.get(certificateKey);
  return typeof names === "string" && names !== "" ? names.split(",") : undefined;
}

/** Who called, as its certificate says: `gateway`, or an agent's name; undefined where nobody says. */
export function fromOf(sent: Sent): string | undefined {
  const [name] = sent.get(callerKey);
  if (typeof name !== "string") return undefined;
  const [, gateway, agent] = /^spiffe:\/\/[^/]+\/(?:(gateway)|agent\/([^/]+))$/.exec(name) ?? [];
  return gateway ?? agent;
}

function objectIn(encoded: string): Identity["claims"] | undefined {
  try {
    const value: JsonValue = JSON.parse(Buffer.from(encoded, "base64url").toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    // Nothing that the edge wrote.
    return undefined;
  }
}

function isObject(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One text with spaces (RFC 8693, section 4.2), or the list that some issuers write. */
function scopesIn(scope: JsonValue | undefined): readonly string[] {
  if (typeof scope === "string") return scope.split(" ").filter((each) => each !== "");
  return Array.isArray(scope) ? scope.filter((each) => typeof each === "string") : [];
}
