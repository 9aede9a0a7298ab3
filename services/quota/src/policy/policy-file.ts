// The last policies, kept on the disk: the service starts without the control plane.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { quotaPb } from "@smartcall/protos";

/** The policies that were kept; undefined where there are none, or they cannot be read. */
export function readPolicies(file: string): quotaPb.QuotaPolicies | undefined {
  try {
    const kept = quotaPb.QuotaPolicies.deserializeBinary(new Uint8Array(readFileSync(file)));
    return kept.getMesh() === "" ? undefined : kept;
  } catch {
    return undefined;
  }
}

/** Keeps them in one step. Throws where the disk refuses. */
export function writePolicies(file: string, policies: quotaPb.QuotaPolicies): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, policies.serializeBinary(), { mode: 0o600 });
  renameSync(draft, file);
}
