// Prints a mesh as one configuration of Envoy.

import { envoyVersion } from "@smartcall/envoy";
import { type MeshConfig, prettyDiagnostic } from "../../config/index.ts";
import { readNamedFiles } from "../../config/named-files.ts";
import { type SingleTexts, singleFiles } from "../../config/single-files.ts";
import { edgeVariables, offlineMesh, printYaml, renderMesh } from "../../render/index.ts";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { fromHere } from "../from-here.ts";
import { type ConfigRead, readConfig } from "../read-config.ts";
import type { ServerSettings } from "../remote/index.ts";
import { printable } from "../remote/table.ts";
import { runningInstances } from "./running-instances.ts";

/**
 * Prints the file or folder as YAML or, with `json`, as JSON.
 *
 * @param server where to ask for the instances that run; undefined puts none in
 */
export async function render(
  path: string,
  server: ServerSettings | undefined,
  json: boolean,
): Promise<CommandEnd> {
  const read = await readConfig(path);
  if (!read.ok) return ended("failed", ...read.problems);
  // No gateway is given what only sidecars need, and no key is asked for to print a mesh.
  const config = { ...read.config, egress: [] };
  const named = await readPublicFiles({ ...read, config });
  if (!named.ok) return ended("failed", ...named.problems);
  const running = server && (await runningInstances(server));
  if (running?.ok === false) return running.end;
  const plain = renderMesh(
    offlineMesh(config, { ...named.held, ...(running && { instances: running.value }) }),
  );
  const text = json
    ? `${JSON.stringify(plain, null, 2)}\n`
    : printYaml(plain, heading(config, fromHere(path)));
  process.stdout.write(text);
  return done;
}

type PublicFiles =
  | { readonly ok: true; readonly held: SingleTexts }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Nothing is printed of the gateway's own certificate, so it need not be there. */
async function readPublicFiles({
  config,
  files,
}: Extract<ConfigRead, { ok: true }>): Promise<PublicFiles> {
  const { diagnostics, ...held } = await readNamedFiles(config, new Date());
  const places = new Set(singleFiles(config).map(({ file }) => file.at));
  const wrong = diagnostics.filter(({ at, severity }) => severity === "error" && places.has(at));
  if (wrong.length === 0) return { ok: true, held };
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const problems = wrong.map((found) =>
    prettyDiagnostic(found, texts.get(found.at.file), { colour: process.stderr.isTTY }),
  );
  return { ok: false, problems };
}

function heading(config: MeshConfig, path: string): readonly string[] {
  const { mesh } = config;
  const { certificate, issuerKeys, key } = edgeVariables;
  const remote = config.identity.filter(({ keys }) => keys.url !== undefined);
  return [
    `The mesh "${mesh}" (${path}) as one static configuration of Envoy ${envoyVersion}.`,
    `Envoy reads from its environment: ${certificate} and ${key} (PEM),`,
    `and ${issuerKeys} (the public keys of tokens, a JSON Web Key Set).`,
    ...remote.map(
      ({ issuer }) =>
        `Tokens of ${printable(issuer.value)} are refused: only a control plane fetches its keys.`,
    ),
  ];
}
