// What one row of the table of settings says.

import type { Run } from "./run-file.ts";
import type { Parsed } from "./setting-parsers.ts";

/** One setting: how it is given, what it means, and how its text is read. */
export interface Setting<T> {
  /** On a command line, such as `--state`. */
  readonly flag: `--${string}`;
  /** In the environment. */
  readonly variable: string;
  /** What stands for it in a usage line, such as `FOLDER`. */
  readonly placeholder: string;
  /** What it is where nothing sets it, as documented. */
  readonly default: string;
  /** One sentence. */
  readonly meaning: string;
  /** Never shown, not even where it is refused. */
  readonly secret?: true;
  /** What a running mesh says it is; taken where neither flag nor variable is there. */
  running?(run: Run): string;
  /** A relative path is taken from `cwd`. */
  parse(text: string, cwd: string): Parsed<T>;
  /** What it is where nothing sets it. */
  fallback(stateFolder: string): T;
}
