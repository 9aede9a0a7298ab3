// Why something was refused, in the shape that every door tells it in.

import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { ServiceError } from "@grpc/grpc-js";
import { canonicalCodes, type Reason, type ReasonRow, reasons } from "@smartcall/protos";
import type { Contract } from "./contract.ts";
import { isObject } from "./json.ts";

/** The inner object of the error envelope (AIP-193). */
export interface Refusal {
  readonly [key: string]: JsonObject[string];
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details: JsonObject[];
}

const domain = "smartcall";
const errorInfo = "type.googleapis.com/google.rpc.ErrorInfo";

/** One of ours. */
export function refusal(reason: Reason, message: string, requestId?: string): Refusal {
  const row: ReasonRow = reasons[reason];
  const { fault, http, retry, retrySeconds, status } = row;
  const metadata = { fault, retry, ...(requestId !== undefined && { requestId }) };
  const info = { "@type": errorInfo, reason, domain, metadata };
  const again = {
    "@type": "type.googleapis.com/google.rpc.RetryInfo",
    retryDelay: `${retrySeconds}s`,
  };
  const details = retrySeconds === undefined ? [info] : [info, again];
  return { code: http, status, message, details };
}

/** The same as a google.rpc.Status, which an event's `error` is. */
export function asStatus({ status, message, details }: Refusal): JsonObject {
  return { code: numberOf(status), message, details };
}

/** What a call ended with that did not begin to answer: the gateway's refusal, or the agent's. */
export function refusalOf(error: ServiceError, contract: Contract, requestId: string): Refusal {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  const told = Buffer.isBuffer(bytes) ? contract.status(bytes) : undefined;
  const code = typeof told?.["code"] === "number" ? told["code"] : error.code;
  const status = nameOf(code);
  const facts = { requestId, ...ruleOf(error) };
  const details = listOf(told?.["details"]).map((detail) =>
    detail["@type"] === errorInfo
      ? {
          ...detail,
          metadata: { ...facts, ...(isObject(detail["metadata"]) && detail["metadata"]) },
        }
      : detail,
  );
  const message = error.details;
  if (details.length === 0) return untold(status, message, requestId);
  const seconds = waitOf(error);
  const waits = details.some((detail) => "retryDelay" in detail);
  const all =
    seconds === undefined || waits
      ? details
      : [
          ...details,
          { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${seconds}s` },
        ];
  return { code: httpOf(reasonIn(details), code), status, message, details: all };
}

/** What is told of a call whose end says no more than its status. */
function untold(status: string, message: string, requestId: string): Refusal {
  switch (status) {
    case "UNAVAILABLE":
      return refusal("AGENT_UNAVAILABLE", message, requestId);
    case "DEADLINE_EXCEEDED":
      return refusal("DEADLINE_EXCEEDED", "The answer was not whole in time.", requestId);
    case "RESOURCE_EXHAUSTED":
      // The words of the gRPC library here.
      if (message.startsWith("Received message larger than max")) {
        return refusal("BAD_ANSWER", "An event of the agent is too large.", requestId);
      }
      return { ...refusal("AGENT_FAILED", message, requestId), status };
    default:
      return { ...refusal("AGENT_FAILED", message, requestId), status };
  }
}

/** The reason that a refusal gives. */
export function reasonIn(details: readonly JsonObject[]): string | undefined {
  const info = details.find((detail) => detail["@type"] === errorInfo);
  const reason = info?.["reason"];
  return typeof reason === "string" ? reason : undefined;
}

function ruleOf(error: ServiceError): JsonObject {
  const [rule] = error.metadata.get("smartcall-rule");
  return typeof rule === "string" ? { rule } : {};
}

function waitOf(error: ServiceError): number | undefined {
  const [text] = error.metadata.get("retry-after");
  const seconds = Number(text ?? Number.NaN);
  return seconds >= 0 ? seconds : undefined;
}

const codes: ReadonlyMap<string, number> = new Map(Object.entries(canonicalCodes));
const rows: ReadonlyMap<string, ReasonRow> = new Map(Object.entries(reasons));

function numberOf(status: string): number {
  return codes.get(status) ?? canonicalCodes.UNKNOWN;
}

function nameOf(code: number): string {
  return [...codes].find(([, each]) => each === code)?.[0] ?? "UNKNOWN";
}

/** As REST's answer would have it: by the reason, or else what AIP-193 gives the code. */
function httpOf(reason: string | undefined, code: number): number {
  return rows.get(reason ?? "")?.http ?? httpOfCode.get(code) ?? 500;
}

const httpOfCode: ReadonlyMap<number, number> = new Map([
  [1, 499],
  [3, 400],
  [4, 504],
  [5, 404],
  [6, 409],
  [7, 403],
  [8, 429],
  [9, 400],
  [10, 409],
  [11, 400],
  [12, 501],
  [14, 503],
  [16, 401],
]);

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
