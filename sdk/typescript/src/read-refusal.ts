// What the gateway or an agent says of a failure becomes an error of ours.
import { type ErrorDetail, errorOf, type SmartCallError } from "./errors.ts";
import { type JsonObject, objectAt, objectsAt, parseObject, textAt } from "./json.ts";

/** The headers of an answer, by lower-case name. */
export interface AnswerHeaders {
  get(name: string): string | null;
}

/** An answer of HTTP that is a refusal. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: string;
}

/** The longest piece of a strange body that is shown, in characters. */
const shownOfBody = 200;

/** The error that a refused request is. A body that is not ours, such as a proxy's, is shown. */
export function readRefusal({ body, headers, status }: RefusedAnswer, now: number): SmartCallError {
  const requestId = headers.get("x-request-id") ?? "";
  const retryAfter = waitOf(headers.get("retry-after"), now);
  const read = parseObject(body) ?? {};
  const error = objectAt(read, "error");
  if (typeof error["code"] === "number") {
    const rule = headers.get("smartcall-rule") ?? undefined;
    return readError(error, { status, requestId, retryAfter, rule });
  }
  const start = body.trim().slice(0, shownOfBody);
  const said = start === "" ? "an empty body" : `a body that no gateway of a mesh writes: ${start}`;
  return errorOf(`Status ${status} came with ${said}`, {
    status,
    reason: `HTTP_${status}`,
    requestId,
    retryable: retryAfter !== undefined && (status === 429 || status === 503),
    retryAfter,
  });
}

/** What is known beside the error's own words. */
export interface Beside {
  /** Where left out, the error's `code` is one of gRPC. */
  readonly status?: number;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly rule?: string | undefined;
  readonly textSoFar?: string;
}

/** The error that the inner object of an envelope is, or a `google.rpc.Status` of an event. */
export function readError(error: JsonObject, beside: Beside = {}): SmartCallError {
  const details: readonly ErrorDetail[] = objectsAt(error, "details");
  const info = details.find((detail) => textAt(detail, "reason") !== "") ?? {};
  const facts = objectAt(info, "metadata");
  const status = beside.status ?? httpOf(Number(error["code"]));
  const reason = textAt(info, "reason") || textAt(error, "status") || `HTTP_${status}`;
  const message = textAt(error, "message") || `The call failed with ${reason}.`;
  const retryAfter = delayIn(details) ?? beside.retryAfter;
  return errorOf(message, {
    status,
    reason,
    requestId: textAt(facts, "requestId") || beside.requestId,
    retryable: textAt(facts, "retry") === "yes",
    retryAfter,
    fault: textAt(facts, "fault") || undefined,
    rule: textAt(facts, "rule") || beside.rule,
    details,
    textSoFar: beside.textSoFar,
  });
}

/** A `retry-after` (RFC 9110, section 10.2.3) in milliseconds: seconds, or a time of day. */
export function waitOf(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** `RetryInfo` writes its delay as seconds, such as `1.5s`. */
function delayIn(details: readonly ErrorDetail[]): number | undefined {
  for (const detail of details) {
    const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(textAt(detail, "retryDelay")) ?? [];
    if (seconds !== undefined) return Number(seconds) * 1_000;
  }
  return undefined;
}

/** The HTTP status of a gRPC code (AIP-193), or the code where it is one of HTTP already. */
function httpOf(code: number): number {
  return code >= 400 && code < 600 ? code : (httpOfGrpc.get(code) ?? 500);
}

const httpOfGrpc: ReadonlyMap<number, number> = new Map([
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
