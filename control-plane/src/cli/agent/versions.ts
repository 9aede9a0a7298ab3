// The versions of what a new agent needs: ours, and the TypeScript runner it was tried with.

import { readFile } from "node:fs/promises";
import type { Versions } from "./templates.ts";

/** The runner of TypeScript that agents are started with while they are written. */
const tsx = "4.23.15";

/** The kit has the version of this package. */
export async function versions(): Promise<Versions> {
  const file = new URL("../../../package.json", import.meta.url);
  const content: unknown = JSON.parse(await readFile(file, "utf8"));
  const version =
    typeof content === "object" && content !== null && "version" in content
      ? content.version
      : undefined;
  return { kit: String(version), tsx };
}
