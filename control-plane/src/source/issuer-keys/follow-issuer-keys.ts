// Fetches the keys of issuers again and again, so that gateways have those of this moment.

import type { Clock } from "@smartcall/runtime";
import { soon } from "../soon.ts";
import type { Fetched } from "./fetch-key-set.ts";
import { type IssuerStanding, standingOf } from "./issuer-standing.ts";
import type { KeptKeys } from "./kept-keys.ts";
import { type KeyPlace, samePlace } from "./key-place.ts";
import { type Random, refreshMs, retryMs } from "./refresh-times.ts";

/** What following is done with. */
export interface FollowKeysOptions {
  /** The time of day; keys that are kept have it. */
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: (place: KeyPlace) => Promise<Fetched>;
  /** What was kept of an earlier process. */
  readonly kept: readonly KeptKeys[];
  /** Keeps what counts from here on. */
  readonly keep: (all: readonly KeptKeys[]) => void;
  /** The keys of an issuer are others than before. */
  readonly change: () => void;
  readonly say: (note: KeysNote) => void;
}

/** Something for an operator to know about an issuer. */
export interface KeysNote {
  /** `error`: its tokens are refused. */
  readonly level: "info" | "warn" | "error";
  readonly issuer: string;
  readonly message: string;
}

/** Issuers that are followed until it is closed. */
export interface FollowedKeys {
  /** The key set from this place, or undefined where it never came. */
  keysOf(issuer: string, url: string): string | undefined;
  /**
   * What is followed from here on: these places and no others.
   *
   * @returns settles once each was asked, or after two seconds
   */
  follow(places: Iterable<KeyPlace>): Promise<void>;
  /** How each stands, by the issuer's name. */
  standing(): readonly IssuerStanding[];
  close(): void;
}

const patienceMs = 2_000;

/** Where fetching fails, the last keys stay, also those of an earlier process. */
export function followIssuerKeys(options: FollowKeysOptions): FollowedKeys {
  const { clock, random, fetch, keep, change, say } = options;
  const followed = new Map<string, Issuer>();
  const kept = new Map(options.kept.map((each) => [nameOf(each), each]));

  const look = async (name: string, of: Issuer): Promise<void> => {
    const fetched = await fetch(of.place);
    if (followed.get(name) !== of) return;
    of.failures = fetched.ok ? 0 : of.failures + 1;
    const again = fetched.ok ? refreshMs(fetched.maxAgeMs, random) : retryMs(of.failures, random);
    of.cancel = clock.after(again, () => void look(name, of));
    const before = kept.get(name);
    tell(of, fetched, before);
    if (!fetched.ok) return;
    const { issuer, url } = of.place;
    kept.set(name, { issuer, url, keys: fetched.keys, at: clock.now() });
    keep([...kept.values()]);
    if (fetched.keys !== before?.keys) change();
  };

  /** Says what is others than at the last look. */
  const tell = (of: Issuer, fetched: Fetched, before: KeptKeys | undefined): void => {
    const { issuer } = of.place;
    const problem = fetched.ok ? undefined : fetched.problem;
    const first = !of.asked;
    if (problem !== undefined && problem !== of.problem) say(failure(of.place, problem, before));
    if (fetched.ok && (of.problem !== undefined || fetched.keys !== before?.keys)) {
      say({ level: "info", issuer, message: `its keys were fetched from ${of.place.url}` });
    }
    if (fetched.ok && fetched.ignored > 0 && (first || fetched.keys !== before?.keys)) {
      const message = `${fetched.ignored} of its keys cannot verify tokens here and are left out`;
      say({ level: "warn", issuer, message });
    }
    of.problem = problem;
    of.asked = true;
  };

  return {
    keysOf: (issuer, url) => kept.get(nameOf({ issuer, url }))?.keys,
    async follow(places) {
      const wanted = new Map([...places].map((place) => [nameOf(place), place]));
      for (const [name, { cancel, place }] of followed) {
        const next = wanted.get(name);
        if (next !== undefined && samePlace(next, place)) continue;
        cancel();
        followed.delete(name);
        if (next === undefined) kept.delete(name);
      }
      for (const [name, place] of wanted) {
        if (followed.has(name)) continue;
        const issuer: Issuer = {
          place,
          failures: 0,
          problem: undefined,
          asked: false,
          cancel: () => undefined,
          first: Promise.resolve(),
        };
        followed.set(name, issuer);
        issuer.first = look(name, issuer);
      }
      await soon(clock, Promise.all([...followed.values()].map(({ first }) => first)), patienceMs);
    },
    standing: () =>
      [...followed]
        .map(([name, { place, problem }]): IssuerStanding => {
          const { issuer, url } = place;
          const standing = standingOf(issuer, { url }, kept.get(name));
          return { ...standing, ...(problem !== undefined && { problem }) };
        })
        .sort((a, b) => (a.issuer < b.issuer ? -1 : 1)),
    close() {
      for (const { cancel } of followed.values()) cancel();
      followed.clear();
    },
  };
}

/** One that is followed. */
interface Issuer {
  readonly place: KeyPlace;
  /** In a row. */
  failures: number;
  /** Why the last look failed. */
  problem: string | undefined;
  /** A look has come to an end. */
  asked: boolean;
  cancel: () => void;
  first: Promise<void>;
}

/** Keys from elsewhere are not those of this place, whoever's they are. */
function nameOf({ issuer, url }: Pick<KeyPlace, "issuer" | "url">): string {
  return JSON.stringify([issuer, url]);
}

function failure(place: KeyPlace, problem: string, kept: KeptKeys | undefined): KeysNote {
  const { issuer, url } = place;
  const cannot = `its keys cannot be fetched from ${url}: ${problem}`;
  if (kept === undefined) {
    return { level: "error", issuer, message: `${cannot}; until they can, its tokens are REFUSED` };
  }
  const since = new Date(kept.at).toISOString();
  return { level: "warn", issuer, message: `${cannot}; those of ${since} stay` };
}
