// The folder of keys that sign the mesh's tokens.

import { readDocument } from "./document.ts";
import { type Outcome, type Report, success } from "./outcome.ts";
import {
  makeSigningKey,
  parseSigningKey,
  printSigningKey,
  type SigningAlgorithm,
  type SigningKey,
} from "./signing-key.ts";
import type { State } from "./state.ts";

/** The keys whose tokens are taken, oldest first; at least one. */
export type SigningKeys = readonly [SigningKey, ...SigningKey[]];

/** The longest that a token may live, in milliseconds: a year. A key is kept for as long. */
export const longestTokenLifetimeMs = 365 * 86_400_000;

/**
 * How long a new key is only published before it signs, in milliseconds, so that
 * every gateway knows it by then and no call fails because of a rotation.
 */
export const publishingMs = 5_000;

/** The keys in the state; the first one is made where there is none. */
export async function loadSigningKeys(
  state: State,
  options: { readonly now: Date; readonly report: Report },
): Promise<Outcome<SigningKeys>> {
  const found = await readKeys(state, options.report);
  if (!found.ok) return found;
  const [first, ...rest] = found.value;
  if (first !== undefined) return success([first, ...rest]);
  const key = await makeSigningKey(options.now);
  const written = await state.write(nameOf(key), printSigningKey(key));
  return written.ok ? success([key]) : written;
}

/**
 * Adds a key, and drops those whose tokens have all expired. The new one signs
 * once `publishingMs` have passed; what the older ones signed stays good.
 */
export async function rotateSigningKey(
  state: State,
  options: {
    readonly now: Date;
    readonly report: Report;
    /** Absent, that of the newest key. */
    readonly algorithm?: SigningAlgorithm | undefined;
  },
): Promise<Outcome<SigningKeys>> {
  const before = await loadSigningKeys(state, options);
  if (!before.ok) return before;
  const newest = before.value.at(-1)?.algorithm;
  const key = await makeSigningKey(options.now, options.algorithm ?? newest);
  const written = await state.write(nameOf(key), printSigningKey(key));
  if (!written.ok) return written;
  const [first, ...rest] = [...before.value, key];
  const kept: SigningKey[] = [];
  for (const [index, old] of [first, ...rest].entries()) {
    const successor = rest[index];
    if (successor === undefined || !spent(successor, options.now)) {
      kept.push(old);
      continue;
    }
    const removed = await state.remove(nameOf(old));
    if (!removed.ok) options.report(removed.problem);
  }
  const [oldest = key, ...younger] = kept;
  return success([oldest, ...younger]);
}

/** The key to sign with: the newest that every gateway has had time to learn. */
export function signerOf(keys: SigningKeys, now: Date): SigningKey {
  const known = keys.filter((key) => key.created.getTime() + publishingMs <= now.getTime());
  return known.at(-1) ?? keys[0];
}

/** The keys that check tokens, as a JSON Web Key Set (RFC 7517 section 5), sorted by `kid`. */
export function publicKeySet(keys: SigningKeys): string {
  const published = keys.map(({ algorithm, kid, publicKey }) => ({
    ...publicKey,
    kid,
    alg: algorithm,
    use: "sig",
  }));
  published.sort((a, b) => (a.kid < b.kid ? -1 : 1));
  return JSON.stringify({ keys: published });
}

const folder = "keys";

function nameOf(key: SigningKey): string {
  return `${folder}/${key.kid}.json`;
}

/** Whether the key before `successor` has signed nothing that could still be good. */
function spent(successor: SigningKey, now: Date): boolean {
  const lastSigned = successor.created.getTime() + publishingMs;
  return lastSigned + longestTokenLifetimeMs < now.getTime();
}

async function readKeys(state: State, report: Report): Promise<Outcome<readonly SigningKey[]>> {
  const names = await state.list(folder);
  if (!names.ok) return names;
  const keys: SigningKey[] = [];
  for (const name of names.value.filter((each) => each.endsWith(".json"))) {
    const key = await readDocument(state, `${folder}/${name}`, parseSigningKey, report);
    if (!key.ok) return key;
    if (key.value !== undefined) keys.push(key.value);
  }
  const byAge = (a: SigningKey, b: SigningKey): number =>
    a.created.getTime() - b.created.getTime() || (a.kid < b.kid ? -1 : 1);
  return success(keys.sort(byAge));
}
