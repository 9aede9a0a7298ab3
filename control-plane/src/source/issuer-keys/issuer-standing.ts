// How issuers stand, for operators: where their keys are from, how many there are, since when.

import { keyCount } from "../files/key-set.ts";

/** How an issuer stands. Ready to be written as JSON. */
export interface IssuerStanding {
  readonly issuer: string;
  /** Where its keys are from: one of these. */
  readonly url?: string;
  readonly file?: string;
  /** How many keys verify its tokens. */
  readonly keys: number;
  /** When they were last fetched, or read from a file, RFC 3339; absent, never: its tokens are refused. */
  readonly taken?: string;
  /** Why they cannot be fetched at present. */
  readonly problem?: string;
}

/** The standing of one. */
export function standingOf(
  issuer: string,
  from: { readonly url: string } | { readonly file: string },
  taken: { readonly keys: string; readonly at: number } | undefined,
): IssuerStanding {
  const keys = taken === undefined ? 0 : keyCount(taken.keys);
  return {
    issuer,
    ...from,
    keys,
    ...(taken !== undefined && { taken: new Date(taken.at).toISOString() }),
  };
}
