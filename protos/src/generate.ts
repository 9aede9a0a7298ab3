// Generates `protos/gen`, or with --check says which of its files have drifted.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { driftedFiles } from "./drift.ts";
import { findProtoc } from "./protoc.ts";
import { writeGenerated } from "./write-generated.ts";

const protos = resolve(import.meta.dirname, "..");
const committed = join(protos, "gen");

process.exitCode = run(process.argv.slice(2));

function run(args: readonly string[]): number {
  const protoc = findProtoc({ root: resolve(protos, ".."), env: process.env, arch: process.arch });
  if (!protoc.ok) {
    console.error(protoc.problem);
    return 2;
  }
  if (args.includes("--check")) return check(protoc.path);
  writeGenerated(protoc.path, protos, committed);
  return 0;
}

function check(protoc: string): number {
  const fresh = mkdtempSync(join(tmpdir(), "smartcall-protos-"));
  try {
    writeGenerated(protoc, protos, fresh);
    const drifted = driftedFiles(committed, fresh);
    for (const name of drifted) console.error(`protos/gen/${name} is not what the protos give`);
    if (drifted.length > 0)
      console.error("Run `node protos/dist/generate.js` and commit the result.");
    return drifted.length > 0 ? 1 : 0;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
