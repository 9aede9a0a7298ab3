// Gateways and how far they are, for a person to read.

import { printable } from "@smartcall/runtime";
import type { Terminal } from "../up/terminal.ts";
import type { ErrorAnswer, MeshAnswer, NodeAnswer, NodesAnswer, TypeAnswer } from "./answers.ts";
import { type Cell, cell, short, spanOf, tableLines } from "./table.ts";

/** The lines: a table of every gateway and type, who is connected, and what is refused and why. */
export function showNodes(
  { nodes, mesh }: NodesAnswer,
  now: number,
  terminal: Terminal,
): readonly string[] {
  const gone = nodes.flatMap(({ node, cutOff }) =>
    cutOff === undefined ? [] : cutOffLines(node, cutOff, now, terminal),
  );
  if (nodes.every((node) => node.cutOff !== undefined)) {
    return ["No gateway is connected.", ...gone, ...older(mesh, now, terminal)];
  }
  const streams = nodes.flatMap(({ node, streams: all }) =>
    all.map((stream, index) => ({
      ...stream,
      gateway: index === 0 ? node : `${node} #${index + 1}`,
    })),
  );
  const rows = streams.flatMap(({ gateway, types }) =>
    typesOf(types).map(({ word, type }) => [
      cell(gateway),
      cell(word),
      ...row(type, now, terminal),
    ]),
  );
  const head = ["GATEWAY", "TYPE", "STATE", "VERSION", "AGE"].map((text) => ({
    text,
    paint: terminal.dim,
  }));
  const connected = streams.map(({ gateway, envoyVersion, connectedSince, joined }) => {
    const since = spanOf(now - Date.parse(connectedSince));
    const until = joined?.until;
    const left = until === undefined ? "" : `, token good for ${spanOf(Date.parse(until) - now)}`;
    return printable(`${gateway} (Envoy ${envoyVersion}, connected for ${since}${left})`);
  });
  const refusals = streams.flatMap(({ gateway, types }) =>
    typesOf(types).flatMap(({ word, type }) =>
      type.lastError === undefined ? [] : refusal(gateway, word, type, type.lastError, terminal),
    ),
  );
  const behind = nodes.flatMap(({ node, revocationsMissed }) =>
    missedLines(node, revocationsMissed, terminal),
  );
  const table = tableLines([head, ...rows]);
  return [
    ...table,
    "",
    ...connected,
    ...behind,
    ...gone,
    ...older(mesh, now, terminal),
    ...refusals,
  ];
}

/** That the file as it stands is not what gateways are given, and why. */
function older(mesh: MeshAnswer | undefined, now: number, { bold }: Terminal): readonly string[] {
  const { served, refused } = mesh ?? {};
  if (refused === undefined) return [];
  const of = (since: string): string => `for ${spanOf(now - Date.parse(since))}`;
  const time = refused.since === undefined ? "" : ` ${of(refused.since)}`;
  const instead =
    served === undefined
      ? "and nothing is served"
      : `and an older one is served, ${short(served.hash)} ${of(served.since)}`;
  const problems = refused.problems.flatMap((problem) => problem.split("\n"));
  return [
    "",
    bold(printable(`mesh.yaml as it stands is refused${time}, ${instead}:`)),
    ...problems.map((line) => `  ${printable(line)}`),
  ];
}

function cutOffLines(
  gateway: string,
  { since, revocations }: NonNullable<NodeAnswer["cutOff"]>,
  now: number,
  { red }: Terminal,
): readonly string[] {
  const time = spanOf(now - Date.parse(since));
  return [
    red(printable(`${gateway} is CUT OFF for ${time} (since ${since}): it serves what it had.`)),
    `  ${holding(revocations)}. If it will not come back: smartcall nodes --forget ${printable(gateway)}`,
  ];
}

/** Of one that is connected and has not said that it took all that was revoked. */
function missedLines(
  gateway: string,
  revocations: number | undefined,
  { red }: Terminal,
): readonly string[] {
  return revocations === undefined
    ? []
    : [red(printable(`${gateway} is behind: ${holding(revocations)}.`))];
}

function holding(missed: number): string {
  if (missed === 0) return "all that was revoked is refused there";
  return missed === 1
    ? "1 revocation does NOT hold there"
    : `${missed} revocations do NOT hold there`;
}

/** Envoy's types in the order in which they are sent, and what they are called here. */
const words: ReadonlyMap<string, string> = new Map([
  ["cluster", "clusters"],
  ["endpoint", "endpoints"],
  ["listener", "listeners"],
  ["route", "routes"],
  ["secret", "secrets"],
  ["extension", "extensions"],
]);

/** The most resources that are named as suspects. */
const mostSuspects = 5;

function typesOf(
  types: Readonly<Record<string, TypeAnswer>>,
): readonly { readonly word: string; readonly type: TypeAnswer }[] {
  const order = [...words.keys()];
  const place = (name: string): number =>
    order.includes(name) ? order.indexOf(name) : order.length;
  return Object.entries(types)
    .sort(([a], [b]) => place(a) - place(b))
    .map(([name, type]) => ({ word: words.get(name) ?? name, type }));
}

function row(type: TypeAnswer, now: number, terminal: Terminal): readonly Cell[] {
  const { state, sentVersion, ageMs, lastError } = type;
  const paint = paints(terminal).get(state);
  const since = lastError === undefined ? ageMs : now - Date.parse(lastError.at);
  return [
    { text: state, ...(paint && { paint }) },
    cell(sentVersion && short(sentVersion)),
    { text: since === undefined ? "" : spanOf(since) },
  ];
}

function paints({ red, yellow, dim }: Terminal): ReadonlyMap<string, (text: string) => string> {
  return new Map([
    ["NACKED", red],
    ["STALE", yellow],
    ["NOT SENT", dim],
  ]);
}

function refusal(
  gateway: string,
  word: string,
  { ackedVersion }: TypeAnswer,
  { message, version, resources }: ErrorAnswer,
  { bold }: Terminal,
): readonly string[] {
  const goesOn =
    ackedVersion === undefined
      ? "and has none to go on with"
      : `and goes on with ${short(ackedVersion)}`;
  const suspects = resources.slice(0, mostSuspects).map(({ name, origin }) => {
    const place = origin && ` (${origin.file}:${origin.line}:${origin.column})`;
    return printable(`${name}${place ?? ""}`);
  });
  const more = resources.length - suspects.length;
  const named = [...suspects, ...(more > 0 ? [`${more} more`] : [])].join(", ");
  const which = resources.length > 1 ? `one of ${named}` : named;
  return [
    "",
    bold(`${printable(gateway)} refuses ${short(version)} of its ${word}, ${goesOn}:`),
    ...(which === "" ? [] : [`  ${which}`]),
    `  Envoy says: ${printable(message)}`,
  ];
}
