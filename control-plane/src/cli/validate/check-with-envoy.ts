// Puts a mesh through Envoy's own checks, and says where what it refuses was written.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Diagnostic, type MeshConfig, type NamedFiles, problem } from "../../config/index.ts";
import type { KeyPair } from "../../model/mesh.ts";
import { edgeVariables, encodeMesh, nodeVariables, offlineMesh } from "../../render/index.ts";
import { publicKeySet } from "../../state/index.ts";
import { makeThrowawayKeys } from "../throwaway-keys.ts";
import { type EnvoyRefusal, findRefusals } from "./find-refusals.ts";
import { tryConfig } from "./try-config.ts";

/** A mesh that passed our own checks. */
export interface Checked extends NamedFiles {
  readonly config: MeshConfig;
}

/**
 * What Envoy refuses, each at its place. Throw-away keys stand for those of the
 * mesh, and for its certificate where that is not from a file.
 *
 * @param envoy the Envoy binary
 */
export async function checkWithEnvoy(
  { config, pair, ...named }: Checked,
  envoy: string,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const folder = await mkdtemp(join(tmpdir(), "smartcall-validate-"));
  try {
    const made = await makeThrowawayKeys(folder, config.mesh);
    const mesh = offlineMesh(config, named);
    const refusalsWith = ({ certificateChain, privateKey }: KeyPair) => {
      const env = {
        [edgeVariables.certificate]: certificateChain,
        [edgeVariables.key]: privateKey,
        [edgeVariables.issuerKeys]: publicKeySet(made.keys),
        [nodeVariables.certificate]: made.certificate.certificateChain,
        [nodeVariables.key]: made.certificate.privateKey,
        [nodeVariables.authority]: made.ca,
      };
      const trial = { envoy, folder, env, signal };
      return findRefusals(mesh, (some) => tryConfig(encodeMesh(some), trial));
    };
    const refusals = await refusalsWith(pair ?? made.certificate);
    const [first] = refusals;
    const { certificate } = config.gateway.https;
    if (first?.what !== "gateway" || certificate.kind !== "files") return refusals.map(diagnostic);
    const others = await refusalsWith(made.certificate);
    if (others[0]?.what === "gateway") return others.map(diagnostic);
    // With another certificate it is taken, so it was the certificate.
    const { at, file } = certificate.cert;
    const own = problem("SC804", at, { what: `certificate \`${file}\``, words: first.words });
    return [own, ...others.map(diagnostic)];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function diagnostic({ at, name, what, words }: EnvoyRefusal): Diagnostic {
  return problem("SC804", at, { what: `${what} \`${name}\``, words });
}
