// Asks Envoy whether it would start from a configuration.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where and with what Envoy is asked. */
export interface Trial {
  /** The Envoy binary. */
  readonly envoy: string;
  /** A folder that is nobody else's. */
  readonly folder: string;
  /** What the configuration reads from its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** How long Envoy may take, in milliseconds. */
const limitMs = 120_000;

/**
 * Runs `envoy --mode validate`, which listens nowhere.
 *
 * @param config the bytes of a bootstrap, which for many routes take a fifth of the time of JSON
 * @returns why Envoy does not take it, in its words; undefined where it does
 */
export async function tryConfig(config: Uint8Array, trial: Trial): Promise<string | undefined> {
  const { env, envoy, folder, signal } = trial;
  const file = join(folder, "envoy.pb");
  await writeFile(file, config, { mode: 0o600 });
  const args = ["--mode", "validate", "--config-path", file];
  const quiet = ["--log-level", "critical", "--log-format", "%v"];
  return await new Promise((resolve) => {
    const options = { env, cwd: folder, signal, timeout: limitMs, killSignal: "SIGKILL" } as const;
    execFile(envoy, [...args, ...quiet], options, (error, _, words) => {
      if (error === null) return resolve(undefined);
      const said = envoyWords(words);
      if (said !== "") return resolve(said);
      resolve(
        error.killed
          ? `it gave no answer in ${limitMs / 1000} s`
          : `it ended (${error.signal ?? error.code})`,
      );
    });
  });
}

/** The longest that is shown of what Envoy says, in characters. */
const longest = 500;

/** What Envoy says is wrong, in one line, without what it says around it. */
export function envoyWords(log: string): string {
  const said = log
    .replace(/^.*?error initializing configuration '[^']*': /s, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\.$/, "");
  return said.length > longest ? `${said.slice(0, longest)}…` : said;
}
