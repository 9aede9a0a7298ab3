// Writes what `docs/` says of the language: run it after a change of the language or the codes.

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { generatedDocuments } from "./docs/documents.ts";

const docs = fileURLToPath(new URL("../../../docs", import.meta.url));

for (const { path, text } of await generatedDocuments(docs)) {
  await writeFile(path, text);
}
