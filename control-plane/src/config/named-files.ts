// The files that a mesh names, and the variables: the gateway's certificate, authorities, key sets, keys.

import { type KeyPairRead, readKeyPair } from "../source/files/key-pair.ts";
import { understandSecret } from "../source/files/secret-file.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { keyPairDiagnostics, keyPairPaths, secretDiagnostics } from "./file-diagnostics.ts";
import { type FileReference, pathOf } from "./file-path.ts";
import type { MeshConfig } from "./mesh-config.ts";
import { problem } from "./problem.ts";
import type { Located } from "./schema/collections.ts";
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
 *
 * @param env where variables are looked up that it names
 */
export async function readNamedFiles(
  config: MeshConfig,
  now: Date,
  env: NodeJS.ProcessEnv = process.env,
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
  for (const { key, name } of config.egress) {
    if (key?.env === undefined) continue;
    const read = understandVariable(key.env, env);
    if (typeof read === "string") texts.egressKeys.set(name, read);
    else diagnostics.push(...read);
  }
  return { pair, ...texts, diagnostics };
}

/** The key in a variable, or what is wrong with it. */
function understandVariable(
  { at, value: name }: Located<string>,
  env: NodeJS.ProcessEnv,
): string | readonly Diagnostic[] {
  const text = env[name];
  if (text === undefined) return [problem("SC014", at, { name })];
  const read = understandSecret(text);
  if (read.kind === "secret") return read.secret;
  const source = `The environment variable \`${name}\``;
  return secretDiagnostics(at, source, read.problem === "empty" ? "empty" : "not-printable");
}

function isNamed({ file }: FileReference): boolean {
  return file !== "";
}
