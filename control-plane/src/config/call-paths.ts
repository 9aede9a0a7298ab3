// The paths that calls to an agent can have, and which of them a pattern fits.

/** The door that a call comes through. */
export type Door = "rest" | "grpc";

/** One path of calls to an agent. */
export interface CallPath {
  readonly door: Door;
  /** The last part: a verb of REST, or a method of gRPC. */
  readonly method: string;
  readonly path: string;
}

/** The gRPC service of every agent. */
export const agentService = "smartcall.v1.AgentService";

/** Every path that a call to this agent can have. */
export function callPathsOf(agent: string): readonly CallPath[] {
  return methods.map(([door, method]) => ({
    door,
    method,
    path: door === "rest" ? `/v1/agents/${agent}:${method}` : `/${agentService}/${method}`,
  }));
}

/** Where WebSockets to an agent are opened, which no call has: their turns are calls of `Stream`. */
export function socketPathOf(agent: string): string {
  return `/v1/agents/${agent}:converse`;
}

/** Whether a pattern may name methods of an agent's own, which nobody knows before it attaches. */
export function mayBeOwn(agent: string, pattern: string): boolean {
  const rest = `/v1/agents/${agent}`;
  if (pattern === socketPathOf(agent)) return false;
  if (pattern.startsWith(`${rest}:`) || pattern.startsWith(`${rest}/`)) return true;
  return ownService.test(pattern) && !pattern.startsWith(`/${agentService}/`);
}

/** A path of gRPC, of a service in a package. */
const ownService = /^\/[A-Za-z_]\w*(\.[A-Za-z_]\w*)+\/[\w*]+$/;

/** How exactly a pattern names paths; the first is the most exact. */
export type PathKind = "exact" | "prefix" | "pattern";

/** A star at the end makes a prefix, one elsewhere a pattern. */
export function pathKindOf(pattern: string): PathKind {
  const star = pattern.indexOf("*");
  return star < 0 ? "exact" : star === pattern.length - 1 ? "prefix" : "pattern";
}

/** The form of a pattern: what a path is made of, with at most three stars. */
export const pathPattern = /^\/[^\s*?#]*(\*[^\s*?#]*){0,3}$/;

/**
 * Whether a pattern fits a path. A star at the end stands for any rest, one
 * elsewhere for any text without a slash.
 */
export function fitsPath(pattern: string, path: string): boolean {
  switch (pathKindOf(pattern)) {
    case "exact":
      return pattern === path;
    case "prefix":
      return path.startsWith(pattern.slice(0, -1));
    case "pattern":
      return expressionOf(pattern).test(path);
  }
}

const methods: readonly (readonly [Door, string])[] = [
  ["rest", "invoke"],
  ["rest", "stream"],
  ["grpc", "Invoke"],
  ["grpc", "Stream"],
  ["grpc", "Converse"],
];

function expressionOf(pattern: string): RegExp {
  const open = pattern.endsWith("*");
  const parts = (open ? pattern.slice(0, -1) : pattern).split("*").map(escaped);
  return new RegExp(`^${parts.join("[^/]*")}${open ? ".*" : ""}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
