// Who may import whom: the order of packages, and of the control plane's folders.

/** What each package may import of ours. The end-to-end tests may import all of them. */
export const packageImports: Readonly<Record<string, readonly string[]>> = {
  runtime: [],
  protos: [],
  envoy: ["runtime"],
  "control-plane": ["runtime", "protos", "envoy"],
  "services/quota": ["runtime", "protos", "envoy"],
  "services/realtime": ["runtime", "protos"],
  "services/agent-kit": ["runtime", "protos", "envoy"],
  "services/echo": ["services/agent-kit"],
  "services/assistant": ["runtime", "services/agent-kit"],
  "services/planner": ["runtime", "services/agent-kit"],
  "sdk/typescript": ["runtime"],
};

/** The control plane's pipeline: a folder may import itself and those before it. */
export const pipeline = [
  "state",
  "source",
  "config",
  "model",
  "translate",
  "snapshot",
  "xds",
  "status",
  "rollout",
  "render",
  "quota",
  "directory",
] as const;

/** Folders on top of the pipeline: they may import all of it, and not each other. */
export const onTop = ["admin", "cli"] as const;

/** The control plane's process, which wires all of them. */
const wiring: readonly string[] = ["main.ts", "main"];

/** A file's import of another, by its place in the text. */
export interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly line: number;
}

/**
 * Every module that a file's text names in an import, an export, or a dynamic import; not those
 * of programs that it writes as template literals.
 */
export function importsOf(from: string, text: string): readonly Import[] {
  const found: Import[] = [];
  const statement =
    /^\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;
  const code = text.replace(/`(?:\\[\s\S]|[^`\\])*`/g, (literal) => literal.replace(/[^\n]/g, " "));
  for (const match of code.matchAll(statement)) {
    const specifier = match[1] ?? match[2] ?? match[3] ?? "";
    const before = code.slice(0, match.index + match[0].length);
    found.push({ from, specifier, line: before.split("\n").length });
  }
  return found;
}

/** Why the control plane's folder `from` may not import its folder `to`; undefined where it may. */
export function backward(from: string, to: string): string | undefined {
  if (from === to || wiring.includes(from)) return undefined;
  if (wiring.includes(to)) return "only wires the others; nothing imports it";
  const order: readonly string[] = pipeline;
  const top: readonly string[] = onTop;
  if (from === "state") return "knows none of the other folders";
  if (top.includes(to)) return `is on top; ${from} must not know it`;
  if (top.includes(from)) return undefined;
  if (!order.includes(from) || !order.includes(to)) {
    return "is in no layer; add it to test/checks/layers.ts";
  }
  return order.indexOf(to) < order.indexOf(from) ? undefined : `comes after ${from}`;
}
