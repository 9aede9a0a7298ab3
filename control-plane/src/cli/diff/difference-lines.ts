// What differs between two versions of a mesh, for a person to read.

import { printable } from "@smartcall/runtime";
import type { Route } from "../../model/mesh.ts";
import type { ResourceType } from "../../snapshot/index.ts";
import type { Origin } from "../../source/origin.ts";
import { routeLine, routeWords } from "../routes/route-words.ts";
import type { Terminal } from "../up/terminal.ts";
import type { Both, Change, GatewayChange, MeshDifference, Names, Told } from "./compare-meshes.ts";

/** How texts are painted. */
export type Paint = Pick<Terminal, "bold" | "dim" | "red" | "yellow">;

/**
 * The lines: what listens, agents, routes, what it is for Envoy, and whom it reaches.
 *
 * @param gateways the names of those that are connected
 */
export function differenceLines(
  difference: MeshDifference,
  gateways: readonly string[],
  paint: Paint,
): readonly string[] {
  const { agents, budgets, egress, envoy, gateway, issuers, name, prices, routes } = difference;
  return [
    ...(name === undefined ? [] : meshLines(name, paint)),
    ...(gateway === undefined ? [] : gatewayLines(gateway, paint)),
    ...issuers.flatMap((change) => changeLines("issuer", change, toldParts, paint)),
    ...agents.flatMap((change) => changeLines("agent", change, toldParts, paint)),
    ...budgets.flatMap((change) => changeLines("budget", change, toldParts, paint)),
    ...prices.flatMap((change) => changeLines("price of", change, toldParts, paint)),
    ...egress.flatMap((change) => changeLines("egress", change, toldParts, paint)),
    ...routes.flatMap((change) => changeLines("route", change, routeParts, paint)),
    "",
    `For Envoy: ${envoyWords(envoy)}.`,
    gatewayWords(gateways),
    ...(envoy.listener === undefined
      ? []
      : ["", paint.red(paint.bold(listenerWarning(gateway?.address !== undefined)))]),
  ];
}

function listenerWarning(elsewhere: boolean): string {
  const cut =
    "The listener changes: every stream that is open then is cut when the drain time ends";
  return elsewhere ? `${cut}, and callers must use the new address.` : `${cut}.`;
}

function meshLines(name: Both<string>, paint: Paint): readonly string[] {
  const warning = `    Tokens of ${printable(name.before)} are no longer taken.`;
  return [...valueLines("the name of the mesh", name, paint), paint.yellow(warning)];
}

function gatewayLines(change: GatewayChange, paint: Paint): readonly string[] {
  const { address, bounds, certificate, clients, cors } = change;
  const parts = [
    ["https", address],
    ["certificate", certificate],
    ["web pages that may call", cors],
    ["callers with certificates", clients],
    ["bounds", bounds],
  ] as const;
  return parts.flatMap(([what, both]) =>
    both === undefined ? [] : valueLines(`gateway, ${what}`, both, paint),
  );
}

function valueLines(
  what: string,
  { after, before }: Both<string>,
  paint: Paint,
): readonly string[] {
  return [paint.bold(`~ ${what}`), ...replaced(before, after)];
}

/** What there is to say of a thing, in parts that are compared one by one. */
type Parts = readonly (string | undefined)[];

function changeLines<T extends { readonly origin: Origin }>(
  what: string,
  { after, before, name }: Change<T>,
  partsOf: (one: T) => { readonly whole: string; readonly parts: Parts },
  { bold, dim }: Paint,
): readonly string[] {
  const title = `${what} ${printable(name)}`;
  if (after === undefined) {
    return [bold(`- ${title}`), ...(before === undefined ? [] : [`    ${partsOf(before).whole}`])];
  }
  const place = dim(`(${printable(after.origin.file)}:${after.origin.line})`);
  if (before === undefined)
    return [`${bold(`+ ${title}`)} ${place}`, `    ${partsOf(after).whole}`];
  const [old, fresh] = [partsOf(before).parts, partsOf(after).parts];
  const lines = fresh.flatMap((part, index) => replaced(old[index], part));
  const same = "    the same shares, by other weights";
  return [`${bold(`~ ${title}`)} ${place}`, ...(lines.length === 0 ? [same] : lines)];
}

function replaced(before: string | undefined, after: string | undefined): readonly string[] {
  if (before === after) return [];
  return [
    ...(before === undefined ? [] : [`    - ${printable(before)}`]),
    ...(after === undefined ? [] : [`    + ${printable(after)}`]),
  ];
}

function toldParts({ words }: Told) {
  return { whole: printable(words), parts: [words] };
}

function routeParts(route: Route) {
  const words = routeWords(route);
  const { budget, calls, fallback, limits, retry, time, to, who } = words;
  const parts = [calls, `goes to ${to}`, who, time, retry, fallback, limits, budget];
  return { whole: routeLine(words), parts };
}

const typeWords: Readonly<Record<ResourceType, readonly [one: string, many: string]>> = {
  listener: ["listener", "listeners"],
  route: ["table of routes", "tables of routes"],
  cluster: ["cluster", "clusters"],
  endpoint: ["list of endpoints", "lists of endpoints"],
  secret: ["certificate", "certificates"],
  extension: ["filter", "filters"],
};

function envoyWords(envoy: MeshDifference["envoy"]): string {
  const types = Object.entries(typeWords).flatMap(([type, [one, many]]) => {
    const names: Names | undefined = Object.entries(envoy).find(([key]) => key === type)?.[1];
    if (names === undefined) return [];
    const { changed } = names;
    // A list of endpoints comes and goes with its cluster.
    const { added, removed } = type === "endpoint" ? { added: [], removed: [] } : names;
    const count = added.length + changed.length + removed.length;
    if (count === 0) return [];
    const how = [
      ...(added.length === 0 ? [] : [[added.length, "new"] as const]),
      ...(changed.length === 0 ? [] : [[changed.length, "changed"] as const]),
      ...(removed.length === 0 ? [] : [[removed.length, "removed"] as const]),
    ];
    const what = `${count} ${count === 1 ? one : many}`;
    const [only, second] = how;
    return only !== undefined && second === undefined
      ? [`${what} ${only[1]}`]
      : [`${what} (${how.map(([number, word]) => `${number} ${word}`).join(", ")})`];
  });
  return types.length === 0 ? "nothing changes by itself" : types.join(", ");
}

function gatewayWords(gateways: readonly string[]): string {
  const names = gateways.map(printable).join(", ");
  if (gateways.length === 0) return "No gateway is connected to get it.";
  return gateways.length === 1
    ? `1 gateway gets it: ${names}.`
    : `${gateways.length} gateways get it: ${names}.`;
}
