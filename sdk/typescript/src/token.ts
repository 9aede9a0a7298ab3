// The caller's token: kept while it lasts, renewed once for all who wait for it.
import type { Clock } from "./clock.ts";
import { parseObject } from "./json.ts";

/** A token, or what gives one: asked for the first call, before the token expires, and after a 401. */
export type Token = string | (() => string | Promise<string>);

/** Tokens, as calls take them. */
export interface TokenSource {
  /** Whether there may be another one later. */
  readonly renews: boolean;
  /** The one to show; undefined where calls show none. Rejects with what the provider throws. */
  current(): Promise<string | undefined>;
  /** Another than the one that was refused; undefined where there is none. */
  another(refused: string | undefined): Promise<string | undefined>;
}

/** A token is renewed when so much is left of it, in milliseconds; of a short one less. */
const marginMs = 30_000;
const marginShare = 0.2;

/** Reads tokens from what the user gave. */
export function createTokenSource(token: Token | undefined, clock: Clock): TokenSource {
  if (typeof token !== "function") {
    const held = token === undefined ? undefined : readToken(token);
    return {
      renews: false,
      current: () => Promise.resolve(held),
      another: () => Promise.resolve(undefined),
    };
  }
  let held: { readonly token: string; readonly until: number } | undefined;
  let asked: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    try {
      const given = readToken(await Promise.resolve().then(token));
      held = { token: given, until: renewalOf(expiryOf(given), clock.now()) };
      return given;
    } finally {
      asked = undefined;
    }
  };
  const renew = (): Promise<string> => {
    asked ??= ask();
    return asked;
  };
  return {
    renews: true,
    current: async () =>
      held !== undefined && clock.now() < held.until ? held.token : await renew(),
    async another(refused) {
      if (held !== undefined && held.token !== refused) return held.token;
      const given = await renew();
      return given === refused ? undefined : given;
    },
  };
}

/**
 * When a token that came at `now` is to be renewed. One that seems to have expired then came
 * past a clock that is wrong, here or where it was made: the gateway's word counts.
 */
export function renewalOf(expires: number | undefined, now: number): number {
  if (expires === undefined || expires <= now) return Number.POSITIVE_INFINITY;
  return expires - Math.min(marginMs, (expires - now) * marginShare);
}

/** When a JWT expires (RFC 7519, section 4.1.4), in milliseconds since 1970. */
export function expiryOf(token: string): number | undefined {
  const [, payload] = token.split(".");
  if (payload === undefined) return undefined;
  const claims = parseObject(decode(payload)) ?? {};
  const { exp } = claims;
  return typeof exp === "number" ? exp * 1_000 : undefined;
}

function readToken(given: unknown): string {
  const token = typeof given === "string" ? given.trim() : "";
  // What a header cannot carry would be shown in the error of whoever sends it.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new TypeError(
    "A token is a text of visible ASCII characters, without spaces or line breaks in it: the token, or what your provider gave, is none.",
  );
}

/** Base64url, as far as it is that. */
function decode(text: string): string {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}
