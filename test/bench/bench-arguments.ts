// What `make bench` was asked for, from the words of its command line.
import { parseArgs } from "node:util";
import { type RowId, rowIds } from "./row-types.ts";

/** The comparison of all ways to an agent, or parts of the mesh by themselves. */
export type BenchArguments =
  | { readonly kind: "compare"; readonly rounds: number; readonly rows: readonly RowId[] }
  | { readonly kind: "help"; readonly usage: string }
  | { readonly kind: "parts"; readonly parts: readonly string[] };

type Read =
  | { readonly ok: true; readonly value: BenchArguments }
  | { readonly ok: false; readonly problem: string };

/** Reads them; `usualRounds` where none are given. */
export function readBenchArguments(
  argv: readonly string[],
  known: readonly string[],
  usualRounds: number,
): Read {
  const fail = (problem: string): Read => ({ ok: false, problem: `${problem}\n${usage(known)}` });
  const options = {
    rounds: { type: "string" },
    only: { type: "string" },
    help: { type: "boolean" },
  } as const;
  const words = attempt(() => parseArgs({ args: [...argv], allowPositionals: true, options }));
  if (!words.ok) return fail(words.problem);
  const { positionals: parts, values } = words.value;
  if (values.help) return { ok: true, value: { kind: "help", usage: usage(known) } };
  const unknown = parts.filter((part) => !known.includes(part));
  if (unknown.length > 0) return fail(`There is no part ${unknown.join(", ")}.`);
  if (parts.length > 0) {
    const [ignored] = Object.keys(values);
    if (ignored === undefined) return { ok: true, value: { kind: "parts", parts } };
    return fail(`--${ignored} is of the comparison, and says nothing to a part: leave one out.`);
  }
  const rounds = Number(values.rounds ?? usualRounds);
  if (!(Number.isInteger(rounds) && rounds >= 1))
    return fail(`--rounds is to be a whole number from 1, not "${values.rounds}".`);
  const only: readonly string[] = values.only?.split(",") ?? rowIds;
  const odd = only.filter((id) => !rowIds.some((each) => each === id));
  if (odd.length > 0) return fail(`There is no row "${odd.join('", "')}".`);
  const rows = rowIds.filter((id) => only.includes(id));
  return { ok: true, value: { kind: "compare", rounds, rows } };
}

/** Node says by an exception what it does not know. */
function attempt<T>(
  work: () => T,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string } {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

function usage(known: readonly string[]): string {
  return [
    "Usage: node test/dist/bench/bench.js [--rounds=N] [--only=ROW,ROW]",
    "   or: node test/dist/bench/bench.js PART …",
    `  parts: ${known.join(", ")}`,
    `  rows: ${rowIds.join(", ")}`,
  ].join("\n");
}
