// What `load.js` is asked for, told from its arguments.
import { parseArgs } from "node:util";

/** The list, a run, or nothing that can be done: a sentence why, with the remedy. */
export type Asked =
  | { readonly kind: "list" }
  | { readonly kind: "run"; readonly name: string; readonly seconds?: number }
  | { readonly kind: "wrong"; readonly why: string };

/** How it is asked. */
export const usage =
  "make load SCENARIO=name [SECONDS=how long the load lasts], or node test/dist/load/load.js name [--seconds=N]";

/** @param known the names of all scenarios */
export function readAsked(args: readonly string[], known: readonly string[]): Asked {
  const read = orWrong(args);
  if (typeof read === "string") return { kind: "wrong", why: read };
  const [name, ...more] = read.positionals;
  if (name === undefined) return { kind: "list" };
  const unknown = [name, ...more].filter((each) => !known.includes(each));
  if (unknown.length > 0) {
    return { kind: "wrong", why: `There is no scenario ${unknown.join(", ")}: take one of these.` };
  }
  if (more.length > 0) {
    const [first, ...others] = [name, ...more].map((each) => `make load SCENARIO=${each}`);
    const why = `One scenario at a time: ${first}, then ${others.join(", ")}; make test-long runs those that CI does not.`;
    return { kind: "wrong", why };
  }
  if (read.seconds === undefined) return { kind: "run", name };
  const seconds = Number(read.seconds);
  if (seconds > 0 && Number.isFinite(seconds)) return { kind: "run", name, seconds };
  return { kind: "wrong", why: `SECONDS is to be a number above 0, not "${read.seconds}".` };
}

interface Read {
  readonly positionals: readonly string[];
  readonly seconds?: string;
}

/** A sentence where there is an option that it does not know, or one without its value. */
function orWrong(args: readonly string[]): Read | string {
  try {
    const options = { seconds: { type: "string" } } as const;
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options });
    // One word with spaces is what make gives for SCENARIO="smoke spike" in quotes.
    const names = positionals.flatMap((each) => each.split(/\s+/));
    return { positionals: names.filter((each) => each !== ""), ...values };
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}
