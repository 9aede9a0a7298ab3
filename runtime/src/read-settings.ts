// Reads settings from flags, the environment and a running mesh, and finds all that is wrong at once.

import { parseArgs } from "node:util";
import { type Run, readRun } from "./run-file.ts";
import type { SettingName, SettingValues } from "./setting-values.ts";
import { settings } from "./settings.ts";
import { findStateFolder } from "./state-folder.ts";

/** Where settings come from. */
export interface SettingSources {
  /** The arguments after the program's name; only the flags of the settings asked for are taken. */
  readonly argv?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /**
   * Whether what no flag or variable sets is taken from `run.json`. Default:
   * true. Those who start a mesh, rather than join one, say false.
   */
  readonly joinRunning?: boolean;
}

/** The values, or a sentence for everything that is wrong. */
export type SettingsResult<N extends SettingName> =
  | { readonly ok: true; readonly values: { readonly [K in N]: SettingValues[K] } }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads the named settings: a flag, else its variable (empty counts as not
 * there), else what the running mesh's `run.json` says, else the default. Every
 * problem names the flag or variable, the value given, and what to give instead.
 */
export function readSettings<N extends SettingName>(
  names: readonly N[],
  from: SettingSources,
): SettingsResult<N> {
  const problems: string[] = [];
  const flags = readFlags(names, from.argv ?? [], problems);
  const values: { -readonly [K in SettingName]?: SettingValues[K] } = {};
  const given = (name: SettingName): Given | undefined => {
    const { flag, variable } = settings[name];
    const byFlag = flags.get(flag);
    if (byFlag !== undefined) return { by: flag, text: byFlag };
    const text = from.env[variable];
    return text === undefined || text === "" ? undefined : { by: variable, text };
  };

  const stateFolder = findStateFolder(from.cwd);
  const state = take("stateFolder", given("stateFolder"), stateFolder, from.cwd);
  const folder = state.ok ? state.value : stateFolder;
  const run = from.joinRunning === false ? undefined : readRun(folder);
  const read = <K extends SettingName>(name: K): void => {
    const taken = take(name, given(name) ?? byRun(name, run), folder, from.cwd);
    if (taken.ok) values[name] = taken.value;
    else problems.push(taken.problem);
  };
  for (const name of names) read(name);

  if (problems.length > 0 || !holds(values, names)) return { ok: false, problems };
  return { ok: true, values };
}

interface Given {
  readonly by: string;
  readonly text: string;
}

function byRun(name: SettingName, run: Run | undefined): Given | undefined {
  const text = run === undefined ? undefined : settings[name].running?.(run);
  return text === undefined ? undefined : { by: "run.json", text };
}

type Taken<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

function take<K extends SettingName>(
  name: K,
  given: Given | undefined,
  stateFolder: string,
  cwd: string,
): Taken<SettingValues[K]> {
  const setting = settings[name];
  if (given === undefined) return { ok: true, value: setting.fallback(stateFolder) };
  const parsed = setting.parse(given.text, cwd);
  if (parsed.ok) return parsed;
  const shown = setting.secret === true ? "" : ` is "${given.text}"`;
  return { ok: false, problem: `${given.by}${shown}: ${parsed.remedy}.` };
}

function readFlags(
  names: readonly SettingName[],
  argv: readonly string[],
  problems: string[],
): ReadonlyMap<string, string> {
  const known = new Set<string>(names.map((name) => settings[name].flag));
  const options = Object.fromEntries(
    [...known].map((flag) => [flag.slice(2), { type: "string" as const }]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const flags = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      problems.push(`"${token.value}" is no flag: take it away.`);
    } else if (token.kind === "option" && !known.has(token.rawName)) {
      const list = [...known].join(", ");
      problems.push(`${token.rawName} is not known: the flags are ${list === "" ? "none" : list}.`);
    } else if (token.kind === "option" && token.value === undefined) {
      problems.push(`${token.rawName} has no value: give one after it.`);
    } else if (token.kind === "option" && token.value !== undefined) {
      flags.set(token.rawName, token.value);
    }
  }
  return flags;
}

function holds<N extends SettingName>(
  values: unknown,
  names: readonly N[],
): values is { readonly [K in N]: SettingValues[K] } {
  return typeof values === "object" && values !== null && names.every((name) => name in values);
}
