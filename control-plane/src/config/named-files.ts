// The files that a mesh names: the gateway's certificate, authorities, key sets.

import { type KeyPairRead, readKeyPair } from "../source/files/key-pair.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { keyPairDiagnostics, keyPairPaths } from "./file-diagnostics.ts";
import { type FileReference, pathOf } from "./file-path.ts";
import type { MeshConfig } from "./mesh-config.ts";
import {
  emptyDraft,
  readSingle,
  type SingleRead,
  type SingleTexts,
  singleDiagnostics,
  singleFiles,
  textOf,
} from "./single-files.ts";

/** A certificate and its key, read from the files that a mesh names. */
export type FilePair = Extract<KeyPairRead, { kind: "pair" }>;

/** What the files hold that a mesh names. */
export interface NamedFiles extends SingleTexts {
  /** Absent where the certificate comes from the mesh's own authority. */
  readonly pair: FilePair | undefined;
}

/**
 * Reads them all. What is wrong with one is a diagnostic, and it is left out, as is
 * one whose path could not be read.
 */
export async function readNamedFiles(
  config: MeshConfig,
  now: Date,
): Promise<NamedFiles & { readonly diagnostics: readonly Diagnostic[] }> {
  const diagnostics: Diagnostic[] = [];
  const { certificate } = config.gateway.https;
  let pair: FilePair | undefined;
  if (certificate.kind === "files" && [certificate.cert, certificate.key].every(isNamed)) {
    const read = await readKeyPair(keyPairPaths(certificate));
    diagnostics.push(...keyPairDiagnostics(certificate, read, now));
    if (read.kind === "pair") pair = read;
  }
  const texts = emptyDraft();
  const known = new Map<string, SingleRead>();
  for (const single of singleFiles(config).filter(({ file }) => isNamed(file))) {
    // Agents often share one.
    const key = `${single.holds} ${pathOf(single.file)}`;
    const read = known.get(key) ?? (await readSingle(single));
    known.set(key, read);
    diagnostics.push(...singleDiagnostics(single, read));
    const text = textOf(read);
    if (text !== undefined) single.put(texts, text);
  }
  return { pair, ...texts, diagnostics };
}

function isNamed({ file }: FileReference): boolean {
  return file !== "";
}
