// Says what is wrong with files that cannot be used: the mesh's own, and those that it names.

import type { AuthoritiesRead } from "../source/files/authorities-file.ts";
import type { KeyPairPaths, KeyPairProblem, KeyPairRead } from "../source/files/key-pair.ts";
import type { KeySetProblem } from "../source/files/key-set.ts";
import { type FileProblem, maxMeshBytes } from "../source/files/mesh-files.ts";
import type { Origin } from "../source/origin.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { type FileReference, pathOf } from "./file-path.ts";
import type { CertificateConfig } from "./gateway-config.ts";
import { problem } from "./problem.ts";

/** The diagnostic for a mesh that cannot be read at all. */
export function fileDiagnostic({ kind, path, reason, at: place }: FileProblem): Diagnostic {
  const at = { file: path, line: 1, column: 1, ...place };
  switch (kind) {
    case "missing":
      return problem("SC001", at, { path });
    case "unreadable":
      return unreadable("SC002", at, path, reason);
    case "empty-folder":
      return problem("SC003", at, { path });
    case "too-large":
      return problem("SC004", at, { path, limit: `${maxMeshBytes / 1024 / 1024} MiB` });
    case "not-text":
      return problem("SC005", at, { path });
  }
}

/** Where the files of a certificate are: a path is taken from the folder of its `mesh.yaml`. */
export function keyPairPaths(config: Extract<CertificateConfig, { kind: "files" }>): KeyPairPaths {
  return { certificate: pathOf(config.cert), key: pathOf(config.key) };
}

/** What is wrong with a certificate and its key, at the lines that name them. */
export function keyPairDiagnostics(
  config: Extract<CertificateConfig, { kind: "files" }>,
  read: KeyPairRead,
  now: Date,
): readonly Diagnostic[] {
  if (read.kind === "pair") {
    const path = config.cert.file;
    const date = read.notAfter.toISOString().slice(0, 10);
    return read.notAfter < now ? [problem("SC010", config.cert.at, { path, date })] : [];
  }
  return read.problems.map((found) => keyPairDiagnostic(config, found));
}

/** What is wrong with a file of authorities, at the line that names it. */
export function authoritiesDiagnostics(
  { at, file: path }: FileReference,
  read: AuthoritiesRead,
): readonly Diagnostic[] {
  if (read.kind === "authorities") return [];
  return read.problem === "no-certificate"
    ? [problem("SC007", at, { path })]
    : [unreadable("SC006", at, path, read.reason)];
}

/** What is wrong with a file of an issuer's keys, at the line that names it. */
export function keySetDiagnostics(
  { at, file: path }: FileReference,
  found: KeySetProblem,
): readonly Diagnostic[] {
  switch (found) {
    case "not-a-set":
      return [problem("SC011", at, { path })];
    case "no-key":
      return [problem("SC012", at, { path })];
    case "secret":
      return [problem("SC013", at, { path })];
  }
}

/**
 * What is wrong with a key that hosts are called with, at the line that names it.
 *
 * @param source where it was to be: a path, or a variable in words
 */
export function secretDiagnostics(
  at: Origin,
  source: string,
  found: "empty" | "not-printable",
): readonly Diagnostic[] {
  return [problem(found === "empty" ? "SC015" : "SC016", at, { source })];
}

function keyPairDiagnostic(
  config: Extract<CertificateConfig, { kind: "files" }>,
  { kind, of, reason }: KeyPairProblem,
): Diagnostic {
  const { at, file: path } = of === "key" ? config.key : config.cert;
  switch (kind) {
    case "unreadable":
      return unreadable("SC006", at, path, reason);
    case "no-certificate":
      return problem("SC007", at, { path });
    case "no-key":
      return problem("SC008", at, { path });
    case "mismatch":
      return problem("SC009", at, { path, certificate: config.cert.file });
  }
}

/** Nothing is wrong with a file where no more files may be open: so it is not blamed. */
function unreadable(code: "SC002" | "SC006", at: Origin, path: string, reason: string): Diagnostic {
  return reason === "EMFILE" || reason === "ENFILE"
    ? problem("SC017", at, { path })
    : problem(code, at, { path, reason: inWords(reason) });
}

function inWords(reason: string): string {
  return reasons.get(reason) ?? reason;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied"],
  ["EISDIR", "it is a folder"],
  ["ELOOP", "its links lead in a circle"],
  ["ENOENT", "it does not exist"],
  ["ENOTDIR", "a part of its path is no folder"],
  ["EPERM", "permission denied"],
]);
