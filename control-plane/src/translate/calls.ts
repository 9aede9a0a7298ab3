// The calls that there are of an agent: those of the contract, and those of its own methods.

import { callPathsOf, type Door } from "../config/call-paths.ts";
import type { OwnPath, OwnServices } from "../source/own-services/index.ts";
import { grpcPath } from "./call-match.ts";
import { names } from "./names.ts";

/** Calls by both doors that meet the same routes. */
export interface Calls {
  readonly rest: DoorCalls;
  readonly grpc: DoorCalls;
  /** Paths of gRPC, besides the contract's, whose callers send many messages. */
  readonly open: readonly string[];
}

/** Calls by one door. */
export interface DoorCalls {
  /** What all of their paths begin with. */
  readonly before: string;
  /** What their paths go on with. */
  readonly methods: readonly string[];
  /** Those among them that are answered with one message. */
  readonly once: readonly string[];
}

/** The calls of the contract. */
export function contractCalls(agent: string): Calls {
  return {
    rest: doorOf("rest", agent, `${names.restPath}${agent}:`),
    grpc: doorOf("grpc", agent, grpcPath),
    open: [],
  };
}

/** The same with an agent's own methods by REST. */
export function callsWith(agent: string, own: OwnServices): Calls {
  const contract = contractCalls(agent);
  const before = `${names.restPath}${agent}`;
  const after = (verbs: readonly string[]): string[] => verbs.map((verb) => `:${verb}`);
  const paths = own.paths.filter(({ door }) => door === "rest");
  const once = paths.filter(({ serverStreams }) => !serverStreams);
  const ends = (all: typeof paths): string[] => all.map(({ path }) => path.slice(before.length));
  return {
    ...contract,
    rest: {
      before,
      methods: [...after(contract.rest.methods), ...ends(paths)],
      once: [...after(contract.rest.once), ...ends(once)],
    },
  };
}

/** The calls of one of an agent's own services by gRPC; by REST none. */
export function callsOfService(service: string, all: readonly OwnPath[]): Calls {
  const before = `/${service}/`;
  const paths = all.filter(({ door, path }) => door === "grpc" && path.startsWith(before));
  const ends = (all: typeof paths): string[] => all.map(({ path }) => path.slice(before.length));
  return {
    rest: { before: "", methods: [], once: [] },
    grpc: {
      before,
      methods: ends(paths),
      once: ends(paths.filter(({ serverStreams }) => !serverStreams)),
    },
    open: paths.flatMap(({ clientStreams, path }) => (clientStreams ? [path] : [])),
  };
}

const answeredOnce: Readonly<Record<Door, string>> = { rest: "invoke", grpc: "Invoke" };

function doorOf(door: Door, agent: string, before: string): DoorCalls {
  const methods = callPathsOf(agent).flatMap((each) => (each.door === door ? [each.method] : []));
  return { before, methods, once: methods.filter((method) => method === answeredOnce[door]) };
}
