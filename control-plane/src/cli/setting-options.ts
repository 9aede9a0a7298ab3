// Gives a command the flags of the settings it reads, and reads them.

import { readSettings, type SettingName, type SettingsResult, settings } from "@smartcall/runtime";
import type { Command } from "commander";

/** Adds the flag of each named setting to the command. */
export function addSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const { flag, placeholder, variable, default: unset, meaning } = settings[name];
    const plain = unset.replaceAll("`", "");
    const about = meaning.replaceAll("`", "");
    command.option(`${flag} <${placeholder}>`, `${about} (${variable}; default: ${plain})`);
  }
  return command;
}

/** Reads the named settings from the command's flags and the environment. */
export function settingsOf<N extends SettingName>(
  command: Command,
  names: readonly N[],
  joinRunning = true,
): SettingsResult<N> {
  const given = new Map<string, unknown>(Object.entries(command.opts()));
  const argv = command.options.flatMap((option) => {
    const value = given.get(option.attributeName());
    const known = names.some((name) => settings[name].flag === option.long);
    return known && option.long && typeof value === "string" ? [`${option.long}=${value}`] : [];
  });
  return readSettings(names, { argv, env: process.env, cwd: process.cwd(), joinRunning });
}
