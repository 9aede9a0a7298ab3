// What a process tells the one that started it.

import { listIn, numberIn, textIn, valueIn } from "./json.ts";

/** Where the edge listens, and what it proves itself with, as the control plane serves it. */
export interface ServedEdge {
  /** The mesh's name. */
  readonly mesh: string;
  /** The IP address that the edge listens on, and its port. */
  readonly address: string;
  readonly port: number;
  /** The file of the operator's own certificate, absolute; absent where the mesh made it. */
  readonly certificate?: string | undefined;
}

const textKey = "tell";
const edgeKey = "edge";
const stuckKey = "stuck";
const replaceableKey = "replaceable";
const keyVariablesKey = "keyVariables";

/** Tells the parent a sentence for the person at the terminal; nothing where no IPC channel leads to it. */
export function tellParent(text: string): void {
  if (process.connected) process.send?.({ [textKey]: text });
}

/** Tells the parent the same, and that what it waits for may not come until a person has mended it. */
export function tellStuck(text: string): void {
  if (process.connected) process.send?.({ [textKey]: text, [stuckKey]: true });
}

/** Tells the parent where callers find the edge from here on. */
export function tellEdge(edge: ServedEdge): void {
  if (process.connected) process.send?.({ [edgeKey]: edge });
}

/** Tells the parent which variables of the environment hold keys that are for this process alone. */
export function tellKeyVariables(names: readonly string[]): void {
  if (process.connected) process.send?.({ [keyVariablesKey]: names });
}

/**
 * Tells the parent that this process ends, though not at once, and that another may be started
 * in its place already.
 */
export function tellReplaceable(): void {
  if (process.connected) process.send?.({ [replaceableKey]: true });
}

/** Whether a child said `tellReplaceable`. */
export function isReplaceable(message: unknown): boolean {
  return valueIn(message, replaceableKey) === true;
}

/** What a child said with `tellParent`, or undefined where the message is another one. */
export function toldBy(message: unknown): string | undefined {
  return textIn(message, textKey);
}

/** Whether a child said it with `tellStuck`. */
export function isStuck(message: unknown): boolean {
  return valueIn(message, stuckKey) === true;
}

/** What a child said with `tellKeyVariables`, or undefined where the message is another one. */
export function keyVariablesToldBy(message: unknown): readonly string[] | undefined {
  const names = listIn(message, keyVariablesKey);
  return names?.filter((name): name is string => typeof name === "string");
}

/** What a child said with `tellEdge`, or undefined where the message is another one. */
export function edgeToldBy(message: unknown): ServedEdge | undefined {
  const edge = valueIn(message, edgeKey);
  const mesh = textIn(edge, "mesh");
  const address = textIn(edge, "address");
  const port = numberIn(edge, "port");
  if (mesh === undefined || address === undefined || port === undefined) return undefined;
  const certificate = textIn(edge, "certificate");
  return { mesh, address, port, ...(certificate !== undefined && { certificate }) };
}
