// The type of a mapping with known keys.

import type { Origin } from "../../source/origin.ts";
import { problem, type Report } from "../problem.ts";
import { hidden } from "../yaml/looks-secret.ts";
import type { Mapping } from "../yaml/tree.ts";
import { closest } from "./closest.ts";
import { FlawFinder, type Flaws } from "./flaws.ts";
import { reportWrongType } from "./found.ts";
import { type KeyShape, readPart, type Shape, type Type } from "./type.ts";

/** One key: its type, its words, and what counts without it. */
export interface Key<T> {
  readonly type: Type<T>;
  readonly about: string;
  readonly example: string;
  readonly required: boolean;
  readonly standard?: string;
  /** The value where the key is absent or of no use. */
  readonly absent: (at: Origin) => T;
}

/** The keys of an object whose value is `T`. */
export type Keys<T> = { readonly [K in keyof T]: Key<T[K]> };

/** A value together with the place where its object begins, and what of it may not be as meant. */
export type Placed<T> = T & { readonly at: Origin; readonly flawed: Flaws };

/** What else there is to say about an object's keys. */
export interface ObjectWords {
  /** Keys that are reserved: what each will say. */
  readonly later?: Readonly<Record<string, string>>;
  /** Keys that somebody may look for here: what to write instead. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** How to write the object, where something else stands. */
  readonly advice?: string;
}

/** An object in words, such as "a route", with its keys. */
export function object<T extends object>(
  where: string,
  keys: Keys<T>,
  { advice, elsewhere = {}, later = {} }: ObjectWords = {},
): Type<Placed<T>> {
  const known: KeyShape[] = [];
  for (const name in keys) {
    const { about, example, required, standard, type } = keys[name];
    const shape = { name, about, example, required, shape: type.shape };
    known.push(standard === undefined ? shape : { ...shape, standard });
  }
  const shape: Shape = { kind: "object", keys: known, later };
  const names = known.map(({ name }) => name);
  return {
    shape,
    read: (tree, what, report) => {
      if (tree.kind !== "mapping") {
        const list = `Write keys with values: ${names.map((name) => `\`${name}\``).join(", ")}.`;
        reportWrongType(tree, what, "a mapping", advice ?? list, report);
        return undefined;
      }
      const flaws = new FlawFinder(report);
      const unknown = reportUnknown(tree, where, names, { later, elsewhere }, report);
      const mayBeLost = unknown !== undefined || tree.lost !== undefined;
      const value: Partial<T> = {};
      for (const name in keys) {
        const key = keys[name];
        const entry = tree.entries.get(name);
        flaws.current = name;
        if (entry !== undefined) {
          const read = readPart(key.type, entry.value, `\`${name}\``, flaws.tell);
          value[name] = read ?? key.absent(entry.at);
          continue;
        }
        if (mayBeLost) flaws.add(name);
        if (key.required && tree.lost === undefined && unknown?.has(name) !== true) {
          const words = { key: name, where, example: `${name}: ${key.example}` };
          flaws.tell(problem("SC203", tree.at, words));
        }
        value[name] = key.absent(tree.at);
      }
      return isWhole(value, keys) ? { ...value, at: tree.at, flawed: flaws.found } : undefined;
    },
  };
}

/** A key that must be there; `instead` lets the other checks go on without it. */
export function required<T>(
  type: Type<T>,
  words: { readonly about: string; readonly example: string },
  instead: (at: Origin) => T,
): Key<T> {
  return { type, ...words, required: true, absent: instead };
}

/** A key that may be left out, and what then counts, as one would write it. */
export function optional<T>(
  type: Type<T>,
  words: { readonly about: string; readonly example: string; readonly standard?: string },
  absent: (at: Origin) => T,
): Key<T> {
  return { type, ...words, required: false, absent };
}

/** The keys that the unknown ones were probably meant to be; nothing where all are known. */
function reportUnknown(
  tree: Mapping,
  where: string,
  names: readonly string[],
  { elsewhere, later }: Required<Pick<ObjectWords, "later" | "elsewhere">>,
  report: Report,
): ReadonlySet<string> | undefined {
  let meant: Set<string> | undefined;
  for (const [key, { at }] of tree.entries) {
    if (names.includes(key)) {
      continue;
    }
    const meaning = Object.hasOwn(later, key) ? later[key] : undefined;
    if (meaning !== undefined) {
      report(problem("SC501", at, { key, where, meaning }), true);
      continue;
    }
    const other = Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined;
    const found = meaningOf(key, names, Object.keys(later));
    report(problem("SC201", at, { key, where, advice: other ?? found.advice }), true);
    meant ??= new Set();
    if (found.key !== undefined) meant.add(found.key);
  }
  return meant;
}

/** What an unknown key was probably meant to be, and how to write it. */
function meaningOf(
  key: string,
  names: readonly string[],
  later: readonly string[],
): { readonly key?: string; readonly advice: string } {
  const [before = "", after = ""] = hidden(key)
    .split(":", 2)
    .map((part) => part.trim());
  if (after !== "" && names.includes(before)) {
    return { key: before, advice: `After the colon comes a space: \`${before}: ${after}\`.` };
  }
  const meant = closest(key, [...names, ...later]);
  if (meant !== undefined) {
    return { key: meant, advice: `Did you mean \`${meant}\`?` };
  }
  const known = names.map((name) => `\`${name}\``).join(", ");
  return {
    advice: names.length === 0 ? "It has no keys yet; write `{}`." : `Known keys: ${known}.`,
  };
}

function isWhole<T extends object>(value: Partial<T>, keys: Keys<T>): value is T {
  return Object.keys(keys).every((name) => name in value);
}
