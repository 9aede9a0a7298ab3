// The caller's token, as far as it is looked at here: where it stands, whose it is, when it ends.
//
// Nothing here believes a token: the gateway has, or is asked.

import { isObject, parseObject } from "./json.ts";

/** What a token that the gateway took says. */
export interface Claims {
  readonly issuer: string;
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** A token, and how it is shown on. */
export interface ShownToken {
  readonly header: "authorization" | "x-api-key";
  readonly value: string;
}

/** The headers of an upgrade, as Node has them. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The one token of an upgrade; undefined where there is none, `several` where it is not one. */
export function tokenOf(url: string, headers: Headers): ShownToken | undefined | "several" {
  const { authorization, "x-api-key": key, "sec-websocket-protocol": protocols } = headers;
  const offered = [protocols ?? []].flat().flatMap((each) => each.split(","));
  const query = new URL(url, "https://gateway").searchParams.getAll("access_token");
  const found: ShownToken[] = [
    ...[authorization ?? []].flat().map((value) => ({ header: "authorization" as const, value })),
    ...[key ?? []].flat().map((value) => ({ header: "x-api-key" as const, value })),
    ...offered
      .map((each) => each.trim())
      .filter((each) => each.startsWith(inProtocol))
      .map((each) => bearer(each.slice(inProtocol.length))),
    ...query.map(bearer),
  ];
  return found.length > 1 ? "several" : found[0];
}

/** How a token is shown that came otherwise than by a header. */
export function bearer(token: string): ShownToken {
  return { header: "authorization", value: `Bearer ${token}` };
}

/** What the gateway says of the token that it took, in its header `smartcall-claims`. */
export function claimsIn(encoded: string | readonly string[] | undefined): Claims | undefined {
  if (typeof encoded !== "string") return undefined;
  const claims = parseObject(Buffer.from(encoded, "base64url").toString("utf8"));
  if (!isObject(claims)) return undefined;
  const { exp, iss, sub } = claims;
  if (typeof exp !== "number") return undefined;
  return {
    issuer: typeof iss === "string" ? iss : "",
    subject: typeof sub === "string" ? sub : "",
    expires: exp * 1_000,
  };
}

/** What a token says of itself: to be believed once the gateway took it. */
export function claimsOf(token: string): Claims | undefined {
  return claimsIn(token.split(".")[1]);
}

const inProtocol = "bearer.";
