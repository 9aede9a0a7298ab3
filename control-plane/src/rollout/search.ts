// Finds the one bad part of many, by trying ever shorter rows of them.

/** What is known of a row of parts of which at least one should be bad. */
export interface Search {
  /** So many parts from the first on were taken together; -1 until any were. */
  readonly taken: number;
  /** So many were refused together; undefined until all of them have been tried. */
  readonly refused: number | undefined;
  readonly parts: number;
}

/** What to do next. */
export type Found =
  /** Try so many parts from the first on, together. */
  | { readonly kind: "try"; readonly count: number }
  /** The part at this place is bad: those before it are taken without it, and refused with it. */
  | { readonly kind: "found"; readonly index: number }
  /** All parts together are taken, or none are and it is refused all the same. */
  | { readonly kind: "none" };

/** A search of which nothing is known. One part needs no search, and is not doubted. */
export function searchOf(parts: number): Search {
  return parts === 1 ? { taken: 0, refused: 1, parts } : { taken: -1, refused: undefined, parts };
}

/** What to do next. Ends after about log2 of the number of parts. */
export function nextOf({ taken, refused, parts }: Search): Found {
  if (parts === 0 || taken === parts || refused === 0) return { kind: "none" };
  if (refused === undefined) return { kind: "try", count: parts };
  if (refused - taken === 1) return { kind: "found", index: taken };
  return { kind: "try", count: Math.floor((taken + refused) / 2) };
}

/** The search after what `nextOf` said was tried. */
export function learn(search: Search, wasRefused: boolean): Search {
  const next = nextOf(search);
  if (next.kind !== "try") return search;
  return { ...search, [wasRefused ? "refused" : "taken"]: next.count };
}
