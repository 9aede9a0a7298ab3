// What is served, what is on its way, and what is refused, for an operator to read.

/** What stands at one moment. Ready to be written as JSON. */
export interface Standing {
  /** The name of the mesh. */
  readonly name: string;
  /** The content that gateways are given, and since when. */
  readonly served: {
    readonly hash: string;
    readonly since: Date;
    /** Whether it is the last good one, because the files as they stand are refused. */
    readonly restored: boolean;
  };
  /** The content that a gateway tries, before the others are given it. */
  readonly staged?: { readonly hash: string; readonly phase: string };
  /** Why the files as they stand are not served. */
  readonly refused?: { readonly since: Date; readonly problems: readonly string[] };
}
