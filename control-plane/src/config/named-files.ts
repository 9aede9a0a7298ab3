// The files that a mesh names: the gateway's certificate, and the authorities of agents.

import { type AuthoritiesRead, readAuthorities } from "../source/files/authorities-file.ts";
import { type KeyPairRead, readKeyPair } from "../source/files/key-pair.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { authoritiesDiagnostics, keyPairDiagnostics, keyPairPaths } from "./file-diagnostics.ts";
import { type FileReference, pathOf } from "./file-path.ts";
import type { MeshConfig } from "./mesh-config.ts";

/** A certificate and its key, read from the files that a mesh names. */
export type FilePair = Extract<KeyPairRead, { kind: "pair" }>;

/** What the files hold that a mesh names. */
export interface NamedFiles {
  /** Absent where the certificate comes from the mesh's own authority. */
  readonly pair: FilePair | undefined;
  /** PEM, by the agent whose instances prove themselves by it. */
  readonly authorities: ReadonlyMap<string, string>;
}

/** Reads them all. What is wrong with one is a diagnostic, and it is left out. */
export async function readNamedFiles(
  config: MeshConfig,
  now: Date,
): Promise<NamedFiles & { readonly diagnostics: readonly Diagnostic[] }> {
  const diagnostics: Diagnostic[] = [];
  const { certificate } = config.gateway.https;
  let pair: FilePair | undefined;
  if (certificate.kind === "files") {
    const read = await readKeyPair(keyPairPaths(certificate));
    diagnostics.push(...keyPairDiagnostics(certificate, read, now));
    if (read.kind === "pair") pair = read;
  }
  const authorities = new Map<string, string>();
  const known = new Map<string, AuthoritiesRead>();
  for (const [agent, ca] of authorityFiles(config)) {
    const path = pathOf(ca);
    const read = known.get(path) ?? (await readAuthorities(path));
    known.set(path, read);
    diagnostics.push(...authoritiesDiagnostics(ca, read));
    if (read.kind === "authorities") authorities.set(agent, read.certificates);
  }
  return { pair, authorities, diagnostics };
}

/** Where the authorities of agents are, by agent. */
export function authorityFiles(config: MeshConfig): ReadonlyMap<string, FileReference> {
  const files = new Map<string, FileReference>();
  for (const [agent, { value }] of config.agents) {
    const ca = value.instances?.tls?.ca;
    if (ca !== undefined) files.set(agent, ca);
  }
  return files;
}
