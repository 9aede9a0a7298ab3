// The command that writes the page of settings to the file it is given.

import { writeFileSync } from "node:fs";
import { settingsPage } from "./settings-page.ts";

const file = process.argv[2];
if (file === undefined) {
  console.error("usage: node write-settings-page.js FILE");
  process.exit(2);
}
writeFileSync(file, settingsPage());
