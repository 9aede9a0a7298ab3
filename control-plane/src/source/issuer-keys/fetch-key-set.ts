// Fetches the key set of an issuer once.

import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { isIPv6, type LookupFunction } from "node:net";
import { keyCount, maxKeySetBytes, readKeySet } from "../files/key-set.ts";
import { allowedAddresses, type Resolve } from "./allowed-addresses.ts";
import type { KeyPlace } from "./key-place.ts";

/** A key set, or why there is none. */
export type Fetched =
  | {
      readonly ok: true;
      /** A JSON Web Key Set with nothing but public keys for signatures. */
      readonly keys: string;
      /** How many of the keys were of no use. */
      readonly ignored: number;
      /** How long its server says it stays as it is; absent where it does not say. */
      readonly maxAgeMs?: number | undefined;
    }
  | { readonly ok: false; readonly problem: string };

/** How long it may take, from the look-up of the name to the last byte, in milliseconds. */
export const fetchMs = 5_000;

/**
 * Fetches it: by TLS, from an address that was checked, without credentials and
 * without going where another server sends it. Never rejects.
 */
export async function fetchKeySet(
  place: KeyPlace,
  resolve: Resolve,
  patienceMs = fetchMs,
): Promise<Fetched> {
  const url = new URL(place.url);
  if (url.protocol !== "https:") return failed("its address is none of https");
  if (url.username !== "" || url.password !== "") return failed("its address has a password in it");
  // Node would take it for none, and believe the public ones.
  if (place.authorities === "") return failed("the file of its authorities cannot be read");
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const allowed = await inTime(allowedAddresses(url.hostname, place.internal, resolve), signal);
    if (!allowed.ok) return allowed;
    const response = await get(url, place.authorities, allowed.addresses, signal);
    return await read(response);
  } catch (error) {
    if (signal.aborted) return failed(`it did not answer whole within ${patienceMs / 1000} s`);
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function get(
  url: URL,
  authorities: string | undefined,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      // No connection is kept, so none outlives the check of its address.
      agent: false,
      headers: { accept: "application/jwk-set+json, application/json", "user-agent": "smartcall" },
      lookup: onlyTo(addresses),
      minVersion: "TLSv1.2",
      signal,
      ...(authorities !== undefined && { ca: authorities }),
    });
    sent.once("response", resolve);
    sent.once("error", reject);
    sent.end();
  });
}

/** Answers Node's question for addresses with those that were checked. */
function onlyTo(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_, { all }, callback) => {
    const [first] = found;
    if (all === true) callback(null, found);
    else callback(null, first?.address ?? "", first?.family ?? 4);
  };
}

async function read(response: IncomingMessage): Promise<Fetched> {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200) {
    response.destroy();
    const elsewhere = statusCode >= 300 && statusCode < 400;
    return failed(`it answers ${statusCode}${elsewhere ? ", and is not followed elsewhere" : ""}`);
  }
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    // Leaving the loop closes the connection.
    if (size > maxKeySetBytes) return failed(`it is larger than ${maxKeySetBytes / 1024} KiB`);
    pieces.push(bytes);
  }
  const text = Buffer.concat(pieces).toString("utf8");
  const found = readKeySet(text);
  if (found.kind === "refused") return failed(problems[found.problem]);
  const { keys } = found;
  const ignored = keyCount(text) - keyCount(keys);
  return { ok: true, keys, ignored, maxAgeMs: maxAgeOf(headers["cache-control"]) };
}

const problems = {
  "not-a-set": "it is no JSON Web Key Set",
  "no-key": "it has no public key that tokens can be verified with",
  secret: "it has a key that signs, which its issuer must keep to itself",
} as const;

/** RFC 9111, section 5.2.2. */
function maxAgeOf(cacheControl: string | undefined): number | undefined {
  if (cacheControl === undefined) return undefined;
  if (/\bno-(store|cache)\b/i.test(cacheControl)) return 0;
  const seconds = /\bmax-age\s*=\s*"?(\d{1,9})/i.exec(cacheControl)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function failed(problem: string): Fetched {
  return { ok: false, problem };
}

function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("too late")), { once: true });
    work.then(resolve, reject);
  });
}
