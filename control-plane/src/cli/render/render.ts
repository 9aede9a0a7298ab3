// Prints a mesh as one configuration of Envoy.

import { prettyDiagnostic } from "../../config/index.ts";
import { readNamedFiles } from "../../config/named-files.ts";
import { type SingleTexts, singleFiles } from "../../config/single-files.ts";
import { offlineMesh, printYaml, renderMesh, renderSidecar } from "../../render/index.ts";
import { sidecarOf } from "../../xds/index.ts";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { fromHere } from "../from-here.ts";
import { type ConfigRead, readConfig } from "../read-config.ts";
import type { ServerSettings } from "../remote/index.ts";
import { heading } from "./heading.ts";
import { runningInstances } from "./running-instances.ts";

/** What is printed, and how. */
export interface RenderOrder {
  /** For whom: `gateway`, or `agent/` and an agent's name. */
  readonly node: string;
  /** Where to ask for the instances that run; undefined puts none in. */
  readonly server: ServerSettings | undefined;
  /** JSON, not YAML. */
  readonly json: boolean;
}

/** Prints what a node is given for the file or folder. */
export async function render(
  path: string,
  { json, node, server }: RenderOrder,
): Promise<CommandEnd> {
  const agent = sidecarOf({ cluster: node });
  if (agent === undefined && node !== "gateway") return ended("usage", noNode(node));
  const read = await readConfig(path);
  if (!read.ok) return ended("failed", ...read.problems);
  // No key is asked for to print a mesh, and no gateway is given what only sidecars need.
  const egress = agent === undefined ? [] : read.config.egress;
  const keyless = { ...read.config, egress: egress.map((each) => ({ ...each, key: undefined })) };
  const named = await readPublicFiles({ ...read, config: keyless });
  if (!named.ok) return ended("failed", ...named.problems);
  const running = server && (await runningInstances(server));
  if (running?.ok === false) return running.end;
  const config = { ...read.config, egress };
  const mesh = offlineMesh(config, {
    ...named.held,
    egressKeys: new Map(egress.map(({ name }) => [name, ""])),
    ...(running && { instances: running.value }),
  });
  const plain = agent === undefined ? renderMesh(mesh) : renderSidecar(mesh, agent, process.env);
  if (plain === undefined) return ended("failed", noAgent(agent ?? "", fromHere(path)));
  const text = json
    ? `${JSON.stringify(plain, null, 2)}\n`
    : printYaml(plain, heading(config, fromHere(path), agent));
  process.stdout.write(text);
  return done;
}

function noNode(node: string): string {
  return `--node: "${node}" is no kind of node: write gateway, or agent/ and an agent's name.`;
}

function noAgent(agent: string, path: string): string {
  return `The mesh (${path}) lists no agent "${agent}".`;
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
