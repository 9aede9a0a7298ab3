// One behaviour switched off: a change of a built file that a test must notice.

type Change = readonly [from: string, to: string];

/** A change of one built file of the control plane, and the tests that must fail with it. */
export interface Mutation {
  /** The behaviours that it switches off, such as `A70`. */
  readonly of: readonly string[];
  /** The file, under `control-plane/dist`, without `.js`. */
  readonly file: string;
  /** Each is there once, and is replaced. */
  readonly change: readonly [Change, ...Change[]];
  /** The file of the tests, likewise, without `.test.js`. */
  readonly tests: string;
}

/** A mutation by one replacement. */
export function mutation(
  of: string,
  file: string,
  from: string,
  to: string,
  tests: string,
): Mutation {
  return { of: of.split(" "), file, change: [[from, to]], tests };
}
