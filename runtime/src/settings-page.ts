// Writes `docs/settings.md` from the table of settings.

import { settingNames, settings } from "./settings.ts";

/** The page, in Markdown. */
export function settingsPage(): string {
  const rows = settingNames.map((name) => {
    const { flag, placeholder, variable, default: unset, meaning } = settings[name];
    return `| \`${flag} ${placeholder}\` | \`${variable}\` | ${unset} | ${meaning} |`;
  });
  return [...head, ...rows, ...foot].join("\n");
}

const head = [
  "<!-- Written by `make generate` from runtime/src/settings.ts; edit that. -->",
  "# Settings",
  "",
  "Every setting of every process. A flag wins over its variable; what neither sets is taken",
  "from the running mesh (`run.json` in the state folder), else it is the default. All are",
  "checked at start, and everything that is wrong is said at once. Relative paths are taken",
  "from the folder a process is started in.",
  "",
  "| flag | variable | default | meaning |",
  "|---|---|---|---|",
];

const foot = [
  "",
  "The port of the edge is `gateway.https.port` in `mesh.yaml`, 8443 where it says nothing.",
  "",
];
