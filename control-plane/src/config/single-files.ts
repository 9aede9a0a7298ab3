// The files that a mesh names one by one: authorities, the key sets of issuers, keys for hosts.

import { type AuthoritiesRead, authoritiesFile } from "../source/files/authorities-file.ts";
import { type KeySetFileRead, keySetFile } from "../source/files/key-set-file.ts";
import { type SecretRead, secretFile } from "../source/files/secret-file.ts";
import type { Watching } from "../source/files/watch-content.ts";
import type { Diagnostic } from "./diagnostic.ts";
import {
  authoritiesDiagnostics,
  keySetDiagnostics,
  secretDiagnostics,
} from "./file-diagnostics.ts";
import { type FileReference, pathOf } from "./file-path.ts";
import type { MeshConfig } from "./mesh-config.ts";

/** What files hold that were named one by one. */
export interface SingleTexts {
  /** PEM, by the agent whose instances prove themselves by it. */
  readonly authorities: ReadonlyMap<string, string>;
  /** PEM: who vouches for callers; absent, where the mesh names none. */
  readonly clientAuthorities: string | undefined;
  /** PEM, by the issuer whose server proves itself by it. */
  readonly issuerAuthorities: ReadonlyMap<string, string>;
  /** Key sets, by issuer. */
  readonly issuerFiles: ReadonlyMap<string, string>;
  /** PEM, by the egress whose host proves itself by it. */
  readonly egressAuthorities: ReadonlyMap<string, string>;
  /** What hosts are called with, by egress; from the environment too. Never logged or shown. */
  readonly egressKeys: ReadonlyMap<string, string>;
}

/** The same, to be filled. */
export interface SingleDraft extends SingleTexts {
  readonly authorities: Map<string, string>;
  clientAuthorities: string | undefined;
  readonly issuerAuthorities: Map<string, string>;
  readonly issuerFiles: Map<string, string>;
  readonly egressAuthorities: Map<string, string>;
  readonly egressKeys: Map<string, string>;
}

/** One file, and what its text is for. */
export interface SingleFile {
  readonly file: FileReference;
  readonly holds: "authorities" | "keys" | "secret";
  /** What it held. */
  held(texts: SingleTexts): string | undefined;
  /** Puts in what it holds. */
  put(draft: SingleDraft, text: string): void;
}

/** All of them. */
export function singleFiles(config: MeshConfig): readonly SingleFile[] {
  const { clients } = config.gateway;
  return [
    ...[...authorityFiles(config)].map(([agent, file]) => entry(file, "authorities", agent)),
    ...(clients === undefined ? [] : [clientFile(clients.ca)]),
    ...config.identity.flatMap(({ issuer, keys: { ca, file } }) => [
      ...(ca === undefined ? [] : [entry(ca, "issuerAuthorities", issuer.value)]),
      ...(file === undefined
        ? []
        : [entry({ file: file.value, at: file.at }, "issuerFiles", issuer.value)]),
    ]),
    ...config.egress.flatMap(({ ca, key, name }) => [
      ...(ca === undefined ? [] : [entry(ca, "egressAuthorities", name)]),
      ...(key?.file === undefined
        ? []
        : [entry({ file: key.file.value, at: key.file.at }, "egressKeys", name)]),
    ]),
  ];
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

/** Nothing yet. */
export function emptyDraft(): SingleDraft {
  return {
    authorities: new Map(),
    clientAuthorities: undefined,
    issuerAuthorities: new Map(),
    issuerFiles: new Map(),
    egressAuthorities: new Map(),
    egressKeys: new Map(),
  };
}

/** The same, apart from the first. */
export function draftOf(texts: SingleTexts): SingleDraft {
  return {
    authorities: new Map(texts.authorities),
    clientAuthorities: texts.clientAuthorities,
    issuerAuthorities: new Map(texts.issuerAuthorities),
    issuerFiles: new Map(texts.issuerFiles),
    egressAuthorities: new Map(texts.egressAuthorities),
    egressKeys: new Map(texts.egressKeys),
  };
}

/** What a file holds, or what is wrong with it. */
export type SingleRead = AuthoritiesRead | KeySetFileRead | SecretRead;

/** Reads one. */
export function readSingle({ file, holds }: SingleFile): Promise<SingleRead> {
  const path = pathOf(file);
  switch (holds) {
    case "authorities":
      return authoritiesFile.read(path);
    case "keys":
      return keySetFile.read(path);
    case "secret":
      return secretFile.read(path);
  }
}

/** Tells what one holds at once, and each time that it changes. */
export function watchSingle(
  { file, holds }: SingleFile,
  onChange: (read: SingleRead) => void,
): Watching {
  const path = pathOf(file);
  switch (holds) {
    case "authorities":
      return authoritiesFile.watch(path, onChange);
    case "keys":
      return keySetFile.watch(path, onChange);
    case "secret":
      return secretFile.watch(path, onChange);
  }
}

/** Its text, where it can be used. */
export function textOf(read: SingleRead): string | undefined {
  switch (read.kind) {
    case "authorities":
      return read.certificates;
    case "keys":
      return read.keys;
    case "secret":
      return read.secret;
    case "refused":
      return undefined;
  }
}

/** What is wrong with it, at the line that names it. */
export function singleDiagnostics({ file }: SingleFile, read: SingleRead): readonly Diagnostic[] {
  if (read.kind !== "refused") return [];
  const { problem, reason } = read;
  if (problem === "empty" || problem === "not-printable") {
    return secretDiagnostics(file.at, file.file, problem);
  }
  return problem === "unreadable" || problem === "no-certificate"
    ? authoritiesDiagnostics(file, { kind: "refused", problem, reason })
    : keySetDiagnostics(file, problem);
}

function entry(
  file: FileReference,
  of: "authorities" | "issuerAuthorities" | "issuerFiles" | "egressAuthorities" | "egressKeys",
  name: string,
): SingleFile {
  return {
    file,
    holds: of === "issuerFiles" ? "keys" : of === "egressKeys" ? "secret" : "authorities",
    held: (texts) => texts[of].get(name),
    put: (draft, text) => draft[of].set(name, text),
  };
}

function clientFile(file: FileReference): SingleFile {
  return {
    file,
    holds: "authorities",
    held: (texts) => texts.clientAuthorities,
    put: (draft, text) => {
      draft.clientAuthorities = text;
    },
  };
}
