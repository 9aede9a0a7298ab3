// Keeps what is printed of many problems short enough to be read.

import type { Diagnostic } from "./diagnostic.ts";

/** So many are printed, errors before warnings. */
export const mostShown = 100;

/** Each diagnostic as text, in order; of very many the first, and how many more there are of what. */
export function shownProblems(
  diagnostics: readonly Diagnostic[],
  show: (diagnostic: Diagnostic) => string,
): readonly string[] {
  if (diagnostics.length <= mostShown) return diagnostics.map(show);
  const isError = ({ severity }: Diagnostic): boolean => severity === "error";
  const first = [
    ...diagnostics.filter(isError),
    ...diagnostics.filter((each) => !isError(each)),
  ].slice(0, mostShown);
  const chosen = new Set(first);
  const left = new Map<string, number>();
  for (const each of diagnostics) {
    if (!chosen.has(each)) left.set(each.code, (left.get(each.code) ?? 0) + 1);
  }
  const counts = [...left].map(([code, count]) => `${count.toLocaleString("en")} of ${code}`);
  const more = (diagnostics.length - mostShown).toLocaleString("en");
  return [
    ...diagnostics.filter((each) => chosen.has(each)).map(show),
    `There are ${more} more: ${counts.join(", ")}; \`smartcall validate --json\` lists all.`,
  ];
}
