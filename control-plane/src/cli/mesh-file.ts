// Reads and checks a mesh file, and keeps what the command line needs of it.

import { isAbsolute, relative } from "node:path";
import {
  type Diagnostic,
  fileDiagnostic,
  keyPairDiagnostics,
  keyPairPaths,
  type MeshConfig,
  parseMesh,
  prettyDiagnostic,
} from "../config/index.ts";
import { readKeyPair } from "../source/files/key-pair.ts";
import { readMeshFiles } from "../source/files/read-mesh-files.ts";

/** What the command line needs to know of a mesh file. */
export interface MeshFile {
  /** The file or folder, as it is said to a person. */
  readonly path: string;
  readonly name: string;
  /** Where the edge listens for HTTPS. */
  readonly httpsAddress: string;
  readonly httpsPort: number;
  /** The names of the agents listed. */
  readonly agents: readonly string[];
}

/** The mesh, or everything that is wrong with its file. */
export type MeshFileResult =
  | {
      readonly ok: true;
      readonly mesh: MeshFile;
      /** Warnings only. */
      readonly diagnostics: readonly ShownDiagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly ShownDiagnostic[] };

/** A diagnostic, as data and as text for a person. */
export interface ShownDiagnostic {
  readonly diagnostic: Diagnostic;
  readonly text: string;
}

/** Reads and checks the file or folder as the control plane does. */
export async function readMeshFile(
  path: string,
  options: { readonly colour: boolean; readonly now: Date },
): Promise<MeshFileResult> {
  const shown = shortest(path);
  const found = await readMeshFiles(shown);
  if (found.kind === "unreadable") {
    const diagnostic = fileDiagnostic(found.problem);
    return { ok: false, diagnostics: [{ diagnostic, text: prettyDiagnostic(diagnostic) }] };
  }
  const sources = new Map(found.files.map(({ name, text }) => [name, text]));
  const show = (diagnostic: Diagnostic): ShownDiagnostic => ({
    diagnostic,
    text: prettyDiagnostic(diagnostic, sources.get(diagnostic.at.file), options),
  });
  const parsed = parseMesh(found.files);
  const certificates = parsed.ok ? await certificateProblems(parsed.config, options.now) : [];
  const diagnostics = [...parsed.diagnostics, ...certificates].map(show);
  const failed = diagnostics.some(({ diagnostic }) => diagnostic.severity === "error");
  if (!parsed.ok || failed) return { ok: false, diagnostics };
  const { mesh, gateway, agents } = parsed.config;
  const { address, port } = gateway.https;
  return {
    ok: true,
    mesh: {
      path: shown,
      name: mesh,
      httpsAddress: address,
      httpsPort: port,
      agents: [...agents.keys()],
    },
    diagnostics,
  };
}

async function certificateProblems(config: MeshConfig, now: Date): Promise<readonly Diagnostic[]> {
  const { certificate } = config.gateway.https;
  if (certificate.kind !== "files") return [];
  return keyPairDiagnostics(certificate, await readKeyPair(keyPairPaths(certificate)), now);
}

/** From the working folder where it lies below it, else as it is. */
function shortest(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
