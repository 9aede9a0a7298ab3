// Writes `docs/openapi.json`, or the file that is named: run it after a change of the contract.

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { committedDocument } from "./committed-document.ts";

const [file = fileURLToPath(new URL("../../../docs/openapi.json", import.meta.url))] =
  process.argv.slice(2);

await writeFile(file, committedDocument());
