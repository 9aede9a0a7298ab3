// Why a WebSocket was closed, as an error.
import { errorOf, type SmartCallError, StreamBroken, streamBroken } from "../errors.ts";

/** The error that a close code is (docs/websocket.md). */
export function closeError(code: number, said: string): SmartCallError {
  const message = `The WebSocket was closed (${code})${said === "" ? "" : `: ${said}`}.`;
  const known = codes.get(code);
  if (known === undefined) return new StreamBroken(message, streamBroken);
  const { reason, status } = code === 4401 ? { status: 401, reason: reasonOf(said) } : known;
  return errorOf(message, { status, reason, retryable: mayOpenAgain(code) });
}

/** Whether another socket may be opened after one that was closed so. */
export function mayOpenAgain(code: number): boolean {
  return code === 1001 || code === 1013;
}

const codes: ReadonlyMap<number, { readonly status: number; readonly reason: string }> = new Map([
  [1001, { status: 503, reason: "GATEWAY_ENDING" }],
  [1008, { status: 400, reason: "INVALID_REQUEST" }],
  [1009, { status: 413, reason: "REQUEST_TOO_LARGE" }],
  [1011, { status: 500, reason: "INTERNAL" }],
  [1013, { status: 503, reason: "TOO_MANY_SOCKETS" }],
  [4400, { status: 400, reason: "INVALID_REQUEST" }],
  [4401, { status: 401, reason: "TOKEN_NOT_ACCEPTED" }],
  [4429, { status: 429, reason: "RATE_LIMITED" }],
]);

function reasonOf(said: string): string {
  if (said.includes("expired")) return "TOKEN_EXPIRED";
  return said.includes("any more") ? "TOKEN_REVOKED" : "TOKEN_NOT_ACCEPTED";
}
