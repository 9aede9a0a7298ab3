// Puts the renderer's files, with its licence, where the page takes them from: a step of the build.

import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rendererFiles, rendererFolder } from "./renderer.ts";

const from = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const to = fileURLToPath(rendererFolder);
mkdirSync(to, { recursive: true });
for (const file of [...rendererFiles, "LICENSE", "NOTICE"]) {
  copyFileSync(join(from, file), join(to, file));
}
