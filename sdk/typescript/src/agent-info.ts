// What a mesh tells of its agents.
import { type JsonObject, objectAt, objectsAt, textAt, textsAt } from "./json.ts";

/** An agent that the caller may call. */
export interface AgentInfo {
  readonly name: string;
  /** What it does, in its own words. */
  readonly description: string;
  /** The versions that run. */
  readonly versions: readonly string[];
  /** `available`, `degraded` (some of its instances take no calls) or `unavailable`. */
  readonly health: string;
  readonly capabilities: Capabilities;
}

/** How an agent can be called. */
export interface Capabilities {
  /** Those of the contract: `invoke`, `stream`, `converse`. */
  readonly methods: readonly string[];
  /** Methods of its own. */
  readonly ownMethods: readonly OwnMethod[];
  /** The values of `model` that its routes tell apart. */
  readonly models: readonly string[];
}

/** A method of an agent's own. */
export interface OwnMethod {
  /** Its path by gRPC, such as `/acme.weather.v1.Weather/Forecast`. */
  readonly grpc: string;
  /** Its path by REST, with POST; empty where it has none. */
  readonly rest: string;
  readonly clientStreams: boolean;
  readonly serverStreams: boolean;
}

/** Reads one as the directory writes it. */
export function readAgent(said: JsonObject): AgentInfo {
  const capabilities = objectAt(said, "capabilities");
  return {
    name: textAt(said, "name"),
    description: textAt(said, "description"),
    versions: textsAt(said, "versions"),
    health: textAt(said, "health"),
    capabilities: {
      methods: textsAt(capabilities, "methods"),
      ownMethods: objectsAt(capabilities, "ownMethods").map(readMethod),
      models: textsAt(capabilities, "models"),
    },
  };
}

function readMethod(said: JsonObject): OwnMethod {
  return {
    grpc: textAt(said, "grpc"),
    rest: textAt(said, "rest"),
    clientStreams: said["clientStreams"] === true,
    serverStreams: said["serverStreams"] === true,
  };
}
