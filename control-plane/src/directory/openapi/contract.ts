// What every mesh has: the calls of the contract, and the directory.

import { fromBinary, type JsonObject } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { commentSet, contractRules } from "@smartcall/protos";
import { agentService } from "../../config/call-paths.ts";
import { directoryService } from "../../config/directory-paths.ts";
import type { Allow } from "../../model/allow.ts";
import { commentsOf } from "./comments.ts";
import { httpRulesOf } from "./http-rules.ts";
import { type OperationWords, operationOf } from "./operation.ts";
import { createSchemas, type Schemas } from "./schemas.ts";

/** The contract, linked, with its comments. */
export const contract = {
  types: contractRules().registry,
  comments: commentsOf(fromBinary(FileDescriptorSetSchema, commentSet()).file),
  rulesOf: contractRules().rulesOf,
} as const;

/** Its paths, with the schemas that they name. */
export interface ContractPart {
  readonly paths: readonly (readonly [path: string, item: JsonObject])[];
  readonly schemas: Schemas;
}

/**
 * @param agents the names that a reader may put into paths
 * @param docs who may read the description; undefined for nobody
 */
export function contractPart(agents: readonly string[], docs: Allow | undefined): ContractPart {
  const { comments, rulesOf, types } = contract;
  const schemas = createSchemas({ comments, rulesOf, nameOf: ({ typeName }) => typeName });
  const services = [agentService, directoryService].map((name) => types.getService(name));
  const paths = services.flatMap((service) =>
    (service?.methods ?? []).flatMap((method) =>
      httpRulesOf(method, types).flatMap((rule): (readonly [string, JsonObject])[] => {
        const words = operations[rule.path];
        if (words === undefined) throw new Error(`no words for ${rule.path}`);
        const isDescription = words.mediaType !== undefined;
        if (isDescription && docs === undefined) return [];
        const more = { known: { agent: agents }, open: isDescription && docs?.kind === "public" };
        const operation = operationOf(method, rule, { ...words, ...more }, { comments, schemas });
        return [[rule.path, { [rule.verb]: operation }]];
      }),
    ),
  );
  return { paths, schemas };
}

const usage = { inputTokens: 14, outputTokens: 8 };
const callId = "0f0b1d7e-4a53-4b0c-9d0e-2f6a6d1c7b11";
const ask = {
  messages: [{ role: "user", content: "What is the capital of France?" }],
  temperature: 0.2,
  maxTokens: 64,
};
const agent = {
  name: "echo",
  description: "Says again what it is told.",
  versions: ["0.1.0"],
  health: "available",
  capabilities: { methods: ["invoke", "stream", "converse"] },
};

/** By path. */
const operations: Readonly<Record<string, OperationWords>> = {
  "/v1/agents/{agent}:invoke": {
    id: "invoke",
    tag: "Agents",
    request: ask,
    response: {
      id: callId,
      message: { role: "assistant", content: "The capital of France is Paris." },
      finishReason: "stop",
      usage,
      createTime: "2026-01-01T00:00:00Z",
    },
  },
  "/v1/agents/{agent}:stream": {
    id: "stream",
    tag: "Agents",
    request: ask,
    response: [
      { callId, sequence: 1, delta: { content: "The capital of France" } },
      { callId, sequence: 2, delta: { content: " is Paris." } },
      { callId, sequence: 3, done: { finishReason: "stop", usage } },
    ],
  },
  "/v1/agents": { id: "listAgents", tag: "Directory", response: { agents: [agent] } },
  "/v1/agents/{agent}": { id: "getAgent", tag: "Directory", response: agent },
  "/openapi.json": { id: "getOpenApi", tag: "Directory", mediaType: "application/json" },
  "/docs": { id: "getDocs", tag: "Directory", mediaType: "text/html" },
  "/docs/{file}": { id: "getDocsFile", tag: "Directory", mediaType: "text/javascript" },
};
