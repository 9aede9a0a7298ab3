// The types of mappings with free keys, of lists, and of values that may be either.

import type { Origin } from "../../source/origin.ts";
import { problem, type Report } from "../problem.ts";
import type { Readable } from "../yaml/tree.ts";
import { reportWrongType } from "./found.ts";
import { readPart, type Shape, type Type } from "./type.ts";

/** A value with the place of its key, or of itself in a list. */
export interface Located<T> {
  readonly value: T;
  readonly at: Origin;
}

/** What the keys of a mapping must be. */
export interface KeyRule {
  /** The key in words, such as "an agent". */
  readonly words: string;
  readonly pattern?: string;
  /** Reports a key that cannot be; false leaves the entry out. */
  readonly check: (key: string, at: Origin, report: Report) => boolean;
}

/** A mapping whose keys are chosen by its author; with `ifEmpty`, one that must not be empty. */
export function mapOf<T>(
  key: KeyRule,
  value: Type<T>,
  advice: string,
  ifEmpty?: string,
): Type<ReadonlyMap<string, Located<T>>> {
  const { pattern } = key;
  const filled = ifEmpty !== undefined;
  const shape: Shape = { kind: "map", key: key.words, value: value.shape, filled };
  return {
    shape: pattern === undefined ? shape : { ...shape, pattern },
    read: (tree, what, report) => {
      if (tree.kind !== "mapping") {
        reportWrongType(tree, what, "a mapping", advice, report);
        return undefined;
      }
      if (tree.lost !== undefined) {
        report(tree.lost);
      } else if (tree.entries.size === 0 && ifEmpty !== undefined) {
        report(problem("SC207", tree.at, { what, advice: ifEmpty }));
      }
      const values = new Map<string, Located<T>>();
      for (const [name, entry] of tree.entries) {
        const usable = key.check(name, entry.at, report);
        const read = readPart(value, entry.value, `\`${name}\``, report);
        if (usable && read !== undefined) {
          values.set(name, { value: read, at: entry.at });
        }
      }
      return values;
    },
  };
}

/** A list; with `ifEmpty`, one that must not be empty. */
export function listOf<T>(
  item: Type<T>,
  words: { readonly item: string; readonly advice: string; readonly ifEmpty?: string },
): Type<readonly Located<T>[]> {
  return {
    shape: { kind: "list", item: item.shape, filled: words.ifEmpty !== undefined },
    read: (tree, what, report) => {
      if (tree.kind !== "sequence") {
        reportWrongType(tree, what, "a list", words.advice, report);
        return undefined;
      }
      if (tree.items.length === 0 && words.ifEmpty !== undefined) {
        report(problem("SC207", tree.at, { what, advice: words.ifEmpty }));
      }
      return tree.items.flatMap((each) => {
        const value = readPart(item, each, words.item, report);
        return value === undefined ? [] : [{ value, at: each.at }];
      });
    },
  };
}

/** Chooses a type by what stands there; what it has no type for is refused. */
export function either<T>(
  expected: string,
  advice: string,
  types: { readonly [K in Readable["kind"]]?: Type<T> },
): Type<T> {
  const options = [types.scalar, types.sequence, types.mapping].flatMap((type) =>
    type === undefined ? [] : [type.shape],
  );
  return {
    shape: { kind: "either", options },
    read: (tree, what, report) => {
      const type = types[tree.kind];
      if (type === undefined) {
        reportWrongType(tree, what, expected, advice, report);
        return undefined;
      }
      return type.read(tree, what, report);
    },
  };
}

/** The same type, its value with its place. */
export function located<T>(type: Type<T>): Type<Located<T>> {
  return mapped(type, (value, { at }) => ({ value, at }));
}

/** The same type with its value made into another. */
export function mapped<A, B>(type: Type<A>, make: (value: A, tree: Readable) => B): Type<B> {
  return {
    shape: type.shape,
    read: (tree, what, report) => {
      const value = type.read(tree, what, report);
      return value === undefined ? undefined : make(value, tree);
    },
  };
}
