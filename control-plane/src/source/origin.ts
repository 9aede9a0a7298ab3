// Where a thing was written, kept with it all the way to Envoy.

/** Where in an operator's file something was written. */
export interface Origin {
  /** The file, as the operator named it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
}
