// Checks all that a mesh is described by: its files, and the certificate that they name.

import { type KeyPairRead, readKeyPair } from "../source/files/key-pair.ts";
import type { MeshFiles } from "../source/files/mesh-files.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { fileDiagnostic, keyPairDiagnostics, keyPairPaths } from "./file-diagnostics.ts";
import type { CertificateConfig, MeshConfig } from "./mesh-config.ts";
import { parseMesh } from "./parse-mesh.ts";
import { prettyDiagnostic } from "./pretty.ts";

/** A certificate and its key, read from the files that a mesh names. */
export type FilePair = Extract<KeyPairRead, { kind: "pair" }>;

/** What came of checking a mesh's files. */
export type MeshChecked = {
  /** Warnings only, where the mesh is good. */
  readonly diagnostics: readonly Diagnostic[];
  /** A diagnostic with its line and caret, for a person. */
  show(diagnostic: Diagnostic, colour?: boolean): string;
} & (
  | {
      readonly ok: true;
      readonly config: MeshConfig;
      /** Absent where the certificate comes from the mesh's own authority. */
      readonly pair: FilePair | undefined;
    }
  | { readonly ok: false }
);

/** Finds everything that is wrong with the files, or the mesh that they describe. */
export async function checkFiles(files: MeshFiles, now: Date): Promise<MeshChecked> {
  if (files.kind === "unreadable") {
    const show = (diagnostic: Diagnostic, colour = false): string =>
      prettyDiagnostic(diagnostic, undefined, { colour });
    return { ok: false, diagnostics: [fileDiagnostic(files.problem)], show };
  }
  const texts = new Map(files.files.map(({ name, text }) => [name, text]));
  const show = (diagnostic: Diagnostic, colour = false): string =>
    prettyDiagnostic(diagnostic, texts.get(diagnostic.at.file), { colour });
  const parsed = parseMesh(files.files);
  if (!parsed.ok) return { ok: false, diagnostics: parsed.diagnostics, show };
  const { config } = parsed;
  const named = await readNamedPair(config.gateway.https.certificate, now);
  const diagnostics = [...parsed.diagnostics, ...named.diagnostics];
  if (diagnostics.some(({ severity }) => severity === "error")) {
    return { ok: false, diagnostics, show };
  }
  return { ok: true, config, pair: named.pair, diagnostics, show };
}

async function readNamedPair(
  certificate: CertificateConfig,
  now: Date,
): Promise<{ readonly pair: FilePair | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  if (certificate.kind === "dev") return { pair: undefined, diagnostics: [] };
  const read = await readKeyPair(keyPairPaths(certificate));
  const pair = read.kind === "pair" ? read : undefined;
  return { pair, diagnostics: keyPairDiagnostics(certificate, read, now) };
}
