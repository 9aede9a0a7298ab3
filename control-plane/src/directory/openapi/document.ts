// All that a caller may call, as an OpenAPI document.
//
// https://spec.openapis.org/oas/v3.1.1.html

import type { JsonObject } from "@bufbuild/protobuf";
import type { Allow } from "../../model/allow.ts";
import type { KnownAgent } from "../known-agents.ts";
import { contractPart } from "./contract.ts";
import { errorResponses, errorSchema } from "./errors.ts";
import { type OwnPart, ownPart } from "./own-part.ts";

/** What is described. */
export interface Described {
  /** The mesh's name; absent, any mesh. */
  readonly mesh?: string;
  /** The agents that the reader may call, sorted by name. */
  readonly agents: readonly KnownAgent[];
  /** Who may read the description; undefined for nobody. */
  readonly docs: Allow | undefined;
  /** Where it is called; absent, where the document came from. */
  readonly url?: string;
}

/** The most that agents' own methods take of a document, in characters. */
const mostOwn = 4_000_000;
/** The most agents that are named. */
const mostNamed = 1_000;

/** The document. The same for the same content. */
export function openApi({ agents, docs, mesh, url = "/" }: Described): JsonObject {
  const named = agents.slice(0, mostNamed).map(({ agent }) => agent.name);
  const shared = contractPart(named, docs);
  const { left, parts } = ownParts(agents);
  const own = parts.flatMap(({ part }) => part.paths);
  const schemas = Object.assign({}, ...parts.map(({ part }) => part.schemas), shared.schemas.all());
  return {
    openapi: "3.1.1",
    info: {
      title: mesh === undefined ? "Smart Call" : `Smart Call: ${mesh}`,
      version: "1",
      summary: "Calls to the agents of a mesh.",
      description: [
        "Each call goes to one agent, which its path names. It needs a token, as `authorization: Bearer TOKEN` or `x-api-key: TOKEN`, unless its route is public.",
        "The agents answer by gRPC as well, and hold conversations by WebSocket at `/v1/agents/{agent}:converse`.",
        ...(left === 0 ? [] : [`Not shown, for want of room: the own methods of ${left} agents.`]),
      ].join("\n\n"),
      license: { name: "Apache 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url, description: "The edge of the mesh." }],
    security: [{ bearer: [] }, { apiKey: [] }],
    tags: [
      { name: "Agents", description: "The calls that every agent answers." },
      { name: "Directory", description: "What a caller may call." },
      ...parts.map(({ about, name }) => ({ name, description: about })),
    ],
    paths: Object.fromEntries([...shared.paths, ...own]),
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "A token of the mesh, or of an issuer that it believes.",
        },
        apiKey: {
          type: "apiKey",
          in: "header",
          name: "x-api-key",
          description: "A token of the mesh itself.",
        },
      },
      parameters: {
        Timeout: {
          name: "x-request-timeout-ms",
          in: "header",
          description: "The longest that the caller waits, in milliseconds.",
          schema: { type: "integer", minimum: 1 },
        },
      },
      headers: {
        RequestId: {
          description: "Names the request in every log of the mesh.",
          schema: { type: "string" },
        },
        RetryAfter: {
          description: "After how many seconds the same call may succeed.",
          schema: { type: "integer", minimum: 0 },
        },
      },
      responses: errorResponses(),
      schemas: { Error: errorSchema, ...schemas },
    },
  };
}

interface NamedPart {
  readonly name: string;
  readonly about: string;
  readonly part: OwnPart;
}

function ownParts(agents: readonly KnownAgent[]): {
  readonly parts: readonly NamedPart[];
  readonly left: number;
} {
  const parts: NamedPart[] = [];
  let [room, left] = [mostOwn, 0];
  for (const { agent, description } of agents) {
    const { name, services } = agent;
    if (services === undefined) continue;
    const part = ownPart(name, services);
    room -= part.length;
    if (part.paths.length === 0) continue;
    if (room < 0) left++;
    else parts.push({ name, about: description || `Methods of ${name}'s own.`, part });
  }
  return { parts, left };
}
