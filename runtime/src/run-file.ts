// `run.json` in the state folder: what a running mesh tells those who look for it.

import { chmodSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { numberIn, readObject, textIn, valueIn } from "./json.ts";

/** Where the parts of a running mesh are. Written by `smartcall up`. */
export interface Run {
  /** The process id of `smartcall up`. */
  readonly pid: number;
  /** The mesh's name. */
  readonly mesh: string;
  /** The operator's file, absolute. */
  readonly meshFile: string;
  /** Where callers reach the edge, such as `https://localhost:8443`. */
  readonly url: string;
  /** Where it listens, such as `127.0.0.1:8443`; absent where the URL leads there by itself. */
  readonly connectTo?: string | undefined;
  /** The file of its certificate where that is the operator's own, absolute. */
  readonly certificate?: string | undefined;
  /** xDS and leases, such as `127.0.0.1:18000`. */
  readonly controlPlane: string;
  /** The operator's pages, such as `127.0.0.1:9000`. */
  readonly admin: string;
  /** The file with their certificate, absolute; absent where the mesh's authority made it. */
  readonly adminCertificate?: string | undefined;
  /** Envoy's admin interface, such as `127.0.0.1:9901`. */
  readonly envoyAdmin: string;
  /** The certificate of the mesh's authority, absolute. */
  readonly ca: string;
}

/** Where `run.json` is. */
export const runFile = (stateFolder: string): string => join(stateFolder, "run.json");

/**
 * What `run.json` says; undefined where there is none or it cannot be read as
 * one. It may be stale: its process may have ended without removing it.
 */
export function readRun(stateFolder: string): Run | undefined {
  const content = readObject(runFile(stateFolder));
  return isRun(content) ? content : undefined;
}

/** Writes `run.json` in one step, readable by its owner only. Throws where the disk refuses. */
export function writeRun(stateFolder: string, run: Run): void {
  const path = runFile(stateFolder);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

/** Removes `run.json`, if it is there. */
export function removeRun(stateFolder: string): void {
  rmSync(runFile(stateFolder), { force: true });
}

const texts = ["mesh", "meshFile", "url", "controlPlane", "admin", "envoyAdmin", "ca"] as const;
const optional = ["connectTo", "certificate", "adminCertificate"] as const;

function isRun(content: unknown): content is Run {
  return (
    Number.isSafeInteger(numberIn(content, "pid")) &&
    texts.every((name) => textIn(content, name) !== undefined) &&
    optional.every((name) => ["undefined", "string"].includes(typeof valueIn(content, name)))
  );
}
