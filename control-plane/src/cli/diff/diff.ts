// Compares what a control plane serves with a file, and tells what the file would change.

import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { fromHere } from "../from-here.ts";
import { configOf, readConfig } from "../read-config.ts";
import { isFilesAnswer, isNodesAnswer } from "../remote/answers.ts";
import { findServer, getJson, type ServerSettings } from "../remote/index.ts";
import { terminal } from "../up/terminal.ts";
import { type Placed, withPlace } from "../with-place.ts";
import { type Change, compareMeshes, isSame, type MeshDifference } from "./compare-meshes.ts";
import { differenceLines } from "./difference-lines.ts";

/** What to compare, and how to tell of it. */
export interface DiffOrder {
  /** A file or a folder. */
  readonly path: string;
  /** Where what is served comes from. */
  readonly server: ServerSettings;
  /** End with 1 where something differs. */
  readonly exitCode: boolean;
  readonly json: boolean;
}

/** Compares; ends with 0 whether or not something differs, unless asked otherwise. */
export async function diff({ exitCode, json, path, server }: DiffOrder): Promise<CommandEnd> {
  const read = await readConfig(path);
  if (!read.ok) return ended("failed", ...read.problems);
  const found = await findServer(server);
  if (!found.ok) return found.end;
  const [files, nodes] = await Promise.all([
    getJson(found.server, "/mesh/files", isFilesAnswer),
    getJson(found.server, "/nodes", isNodesAnswer),
  ]);
  if (!files.ok) return files.end;
  if (!nodes.ok) return nodes.end;
  if (files.value.files.length === 0) {
    return ended("failed", `The control plane at ${found.server.url} serves nothing yet.`);
  }
  const served = configOf(files.value.files);
  if (!served.ok) {
    const reason = `What ${found.server.url} serves cannot be read by this version:`;
    return ended("failed", reason, ...served.problems);
  }
  const difference = compareMeshes(served.config, read.config);
  const same = isSame(difference);
  const connected = nodes.value.nodes.filter(({ cutOff }) => cutOff === undefined);
  const gateways = connected.map(({ node }) => node).sort();
  const screen = terminal(process.stdout, process.env);
  const lines = json
    ? [JSON.stringify(jsonOf(difference, same, gateways))]
    : same
      ? [`${fromHere(path)} changes nothing: it means what ${found.server.url} serves.`]
      : differenceLines(difference, gateways, screen);
  for (const line of lines) screen.say(line);
  return exitCode && !same ? ended("failed") : done;
}

function jsonOf(
  { agents, budgets, egress, envoy, issuers, prices, routes, ...rest }: MeshDifference,
  same: boolean,
  gateways: readonly string[],
): object {
  const plain = (changes: readonly Change<Placed>[]): readonly object[] =>
    changes.map(({ after, before, name }) => ({
      name,
      before: before && withPlace(before),
      after: after && withPlace(after),
    }));
  const cutsStreams = envoy.listener !== undefined;
  const changed = {
    routes: plain(routes),
    agents: plain(agents),
    issuers: plain(issuers),
    budgets: plain(budgets),
    prices: plain(prices),
    egress: plain(egress),
    ...rest,
  };
  return { same, cutsStreams, ...changed, envoy, gateways };
}
