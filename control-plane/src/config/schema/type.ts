// What a type of the language is: a description for people and editors, and a reader.

import type { Report } from "../problem.ts";
import type { Readable, Tree } from "../yaml/tree.ts";

/** A type of the language. */
export interface Type<T> {
  /** What the JSON Schema and the reference are made from. */
  readonly shape: Shape;
  /**
   * The value of a tree. Whatever is wrong is reported; nothing comes back when the
   * value is of no use to those who look further. `what` is the value in words.
   */
  readonly read: (tree: Readable, what: string, report: Report) => T | undefined;
}

/** The value of a part of a document; of one that could not be read, why is told once more. */
export function readPart<T>(
  type: Type<T>,
  tree: Tree,
  what: string,
  report: Report,
): T | undefined {
  if (tree.kind !== "unreadable") return type.read(tree, what, report);
  report(tree.why);
  return undefined;
}

/** The description of a type. */
export type Shape =
  | {
      readonly kind: "object";
      readonly keys: readonly KeyShape[];
      /** Keys that are reserved, with what they will do. */
      readonly later: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "map";
      readonly key: string;
      readonly value: Shape;
      readonly filled: boolean;
      readonly pattern?: string;
    }
  | { readonly kind: "list"; readonly item: Shape; readonly filled: boolean }
  | { readonly kind: "text"; readonly words: string; readonly pattern?: string }
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "number"; readonly min: number; readonly max: number }
  /** A number that may have a fraction. */
  | {
      readonly kind: "decimal";
      readonly min: number;
      readonly max: number;
      readonly places: number;
    }
  | { readonly kind: "scalar"; readonly words: string }
  | { readonly kind: "flag" }
  | { readonly kind: "nothing" }
  | { readonly kind: "either"; readonly options: readonly Shape[] };

/** The description of one key of an object. */
export interface KeyShape {
  readonly name: string;
  /** What it is, in a sentence or two of Markdown. */
  readonly about: string;
  /** A value as one would write it. */
  readonly example: string;
  readonly required: boolean;
  /** What counts without it, as one would write it. */
  readonly standard?: string;
  readonly shape: Shape;
}
