// Issuers whose keys are in files that operators name: since when those of this moment count.

import type { Clock } from "@smartcall/runtime";
import { type IssuerStanding, standingOf } from "./issuer-standing.ts";

/** An issuer, and what its file holds. */
export interface FileIssuer {
  readonly issuer: string;
  /** As the operator wrote it. */
  readonly file: string;
  /** A JSON Web Key Set. */
  readonly keys: string;
}

/** The issuers of files that are in use. */
export interface FileIssuers {
  /** These and no others from here on. */
  use(all: readonly FileIssuer[]): void;
  standing(): readonly IssuerStanding[];
}

/** With none in use yet. */
export function createFileIssuers(clock: Pick<Clock, "now">): FileIssuers {
  let used = new Map<string, FileIssuer & { readonly at: number }>();
  return {
    use(all) {
      const now = clock.now();
      used = new Map(
        all.map((of) => {
          const name = JSON.stringify([of.issuer, of.file]);
          const before = used.get(name);
          return [name, before?.keys === of.keys ? before : { ...of, at: now }];
        }),
      );
    },
    standing: () =>
      [...used.values()].map(({ file, issuer, ...taken }) => standingOf(issuer, { file }, taken)),
  };
}
