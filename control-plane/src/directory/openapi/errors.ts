// How calls fail, as a document says it: one envelope, and for each status the reasons.

import type { JsonObject } from "@bufbuild/protobuf";
import { type Reason, type ReasonRow, reasons } from "@smartcall/protos";

/** The schema of the envelope (AIP-193). */
export const errorSchema: JsonObject = {
  type: "object",
  description: "Why a call was not answered. Programs tell reasons apart by `reason`.",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "status", "message"],
      properties: {
        code: { type: "integer", description: "The HTTP status.", examples: [404] },
        status: { type: "string", description: "The canonical code.", examples: ["NOT_FOUND"] },
        message: { type: "string", description: "A sentence for people." },
        details: {
          type: "array",
          description:
            "The first is a `google.rpc.ErrorInfo`. A `google.rpc.RetryInfo` says when to call again, and a `google.rpc.BadRequest` which fields are wrong.",
          items: {
            type: "object",
            required: ["@type"],
            properties: {
              "@type": { type: "string" },
              reason: {
                type: "string",
                description: "One of those listed with each status, or one of the agent's own.",
              },
              domain: { type: "string" },
              metadata: {
                type: "object",
                description:
                  "`requestId`; `rule`, what refused; `fault`, whose it is; `retry`, whether to call again.",
                additionalProperties: { type: "string" },
              },
            },
            additionalProperties: true,
          },
        },
      },
    },
  },
};

/** The responses of all failures, by the names of their components. */
export function errorResponses(): JsonObject {
  return Object.fromEntries(
    statuses.map((status) => [nameOf(status), responseOf(status)] as const),
  );
}

/** The failures of a call, for its `responses`. */
export function failuresOf(only: readonly number[] = statuses): JsonObject {
  return Object.fromEntries(
    only.map((status) => [`${status}`, { $ref: `#/components/responses/${nameOf(status)}` }]),
  );
}

const rows: readonly (readonly [string, ReasonRow])[] = Object.entries(
  reasons satisfies Readonly<Record<Reason, ReasonRow>>,
);

const statuses = [...new Set(rows.map(([, { http }]) => http))].sort((a, b) => a - b);

function nameOf(status: number): string {
  return `Failure${status}`;
}

function responseOf(status: number): JsonObject {
  const mine = rows.filter(([, { http }]) => http === status);
  const mayRetry = mine.some(([, { retry }]) => retry === "yes");
  return {
    description: mine
      .map(([reason, { remedy, why }]) => `\`${reason}\`: ${why} ${remedy}`)
      .join("\n\n"),
    headers: {
      "x-request-id": { $ref: "#/components/headers/RequestId" },
      ...(mayRetry && { "retry-after": { $ref: "#/components/headers/RetryAfter" } }),
    },
    content: {
      "application/json": {
        schema: { $ref: "#/components/schemas/Error" },
        examples: Object.fromEntries(mine.map(([reason, row]) => [reason, exampleOf(reason, row)])),
      },
    },
  };
}

function exampleOf(reason: string, row: ReasonRow): JsonObject {
  const { fault, http, retry, retrySeconds, status, why } = row;
  const info = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason,
    domain: "smartcall",
    metadata: { requestId: "5f1c3a52-8f5e-4d0a-9a44-0c1e1b7f0a11", fault, retry },
  };
  const again = {
    "@type": "type.googleapis.com/google.rpc.RetryInfo",
    retryDelay: `${retrySeconds}s`,
  };
  const details = retrySeconds === undefined ? [info] : [info, again];
  return { summary: reason, value: { error: { code: http, status, message: why, details } } };
}
