// A YAML document as plain values, each with the place where it was written.

import type { Origin } from "../../source/origin.ts";
import type { Diagnostic } from "../diagnostic.ts";

/** A value of a document, aliases and merges already put in place. */
export type Tree = Readable | Unreadable;

/** A value that says something. */
export type Readable = Scalar | Sequence | Mapping;

/** What stands for a value that is not taken from the text: a secret, an alias of nothing. */
export interface Unreadable {
  readonly kind: "unreadable";
  readonly at: Origin;
  readonly why: Diagnostic;
}

/** A text, a number, true, false or nothing. */
export interface Scalar {
  readonly kind: "scalar";
  readonly value: string | number | bigint | boolean | null;
  /** As it was written, without quotes. */
  readonly source: string;
  readonly at: Origin;
}

/** A list. */
export interface Sequence {
  readonly kind: "sequence";
  readonly items: readonly Tree[];
  readonly at: Origin;
}

/** Keys with values; a key is what was written, so `7` and `on` are texts. */
export interface Mapping {
  readonly kind: "mapping";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Origin;
  /** Why keys of it may be missing, where some could not be read. */
  readonly lost?: Diagnostic;
}

/** One key with its value. */
export interface Entry {
  readonly at: Origin;
  readonly value: Tree;
}
