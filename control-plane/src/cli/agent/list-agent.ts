// Adds an agent to the text of a mesh file, and leaves every other character as it is.

import { isMap, isScalar, type ParsedNode, parseDocument } from "yaml";

export type ListResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/**
 * The text with `<name>: {}` as the last agent. Refuses a text that is no YAML,
 * has the agent already, or writes its agents in a way that cannot be added to.
 */
export function listAgent(text: string, name: string): ListResult {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return refuse("it is no valid YAML (`smartcall validate` shows where)");
  }
  const { contents } = document;
  if (contents !== null && !isMap(contents)) return refuse("it is no YAML mapping");
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const pair = contents?.items.find(({ key }) => isScalar(key) && key.value === "agents");
  if (pair === undefined) return append(text, `agents:${newline}  ${name}: {}`, newline);
  const agents = pair.value;
  if (agents === null || (isScalar(agents) && agents.value === null)) {
    return insertAfterLine(text, pair.key.range[1], `  ${name}: {}`, newline);
  }
  if (!isMap(agents)) return refuse("its `agents` is no mapping");
  if (agents.has(name)) return refuse(`the agent ${name} is listed in it already`);
  if (agents.flow) {
    const close = agents.range[1] - 1;
    const comma = agents.items.length > 0 ? ", " : "";
    const before = text.slice(0, close).trimEnd();
    return { ok: true, text: `${before}${comma}${name}: {}${text.slice(before.length)}` };
  }
  const last = agents.items.at(-1);
  if (last === undefined) return refuse("its `agents` cannot be added to");
  const indent = " ".repeat(columnOf(text, last.key.range[0]));
  return insertAfterLine(text, endOf(last), `${indent}${name}: {}`, newline);
}

interface Pair {
  readonly key: ParsedNode;
  readonly value: ParsedNode | null;
}

/** Where the pair's own text ends, without the comments that follow it. */
function endOf({ key, value }: Pair): number {
  if (value === null) return key.range[1];
  if (isMap(value) && !value.flow) {
    const last = value.items.at(-1);
    if (last !== undefined) return endOf(last);
  }
  return value.range[1];
}

function insertAfterLine(text: string, offset: number, line: string, newline: string): ListResult {
  const end = text.indexOf("\n", Math.max(offset - 1, 0));
  if (end === -1) return append(text, line, newline);
  return { ok: true, text: `${text.slice(0, end + 1)}${line}${newline}${text.slice(end + 1)}` };
}

function append(text: string, lines: string, newline: string): ListResult {
  const gap = text === "" || text.endsWith("\n") ? "" : newline;
  return { ok: true, text: `${text}${gap}${lines}${newline}` };
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

function refuse(problem: string): ListResult {
  return { ok: false, problem };
}
