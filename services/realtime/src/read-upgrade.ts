// What a request says that asks for a socket, or why it gets none.

import type { IncomingMessage } from "node:http";
import { largestRequest, type Reason } from "@smartcall/protos";
import { grpcValue } from "./grpc-text.ts";
import { onwardHeaders } from "./onward.ts";
import { mayOpen } from "./origin.ts";
import type { Opened } from "./socket-session.ts";
import { claimsIn, tokenOf } from "./token.ts";

/** Who may have a socket. */
export interface Upgrade {
  readonly opened: Opened;
  /** Whom the sockets of this caller are counted for. */
  readonly caller: string;
  /** About how much of it is kept with the socket. */
  readonly bytes: number;
  readonly requestId: string;
  readonly traceparent: string | undefined;
}

/** Why there is none. */
export interface UpgradeRefusal {
  readonly reason: Reason;
  readonly message: string;
}

/** Reads it. The gateway has verified the token, and said whom it names. */
export function readUpgrade(request: IncomingMessage): Upgrade | UpgradeRefusal {
  const { headers, rawHeaders, url = "/" } = request;
  const { host = "", origin } = headers;
  if (!mayOpen(origin, host, textOf(headers["smartcall-origins"]))) {
    return {
      reason: "NOT_ALLOWED",
      message: "Pages of this origin may not open a WebSocket: `gateway.cors` does not name it.",
    };
  }
  const token = tokenOf(url, headers);
  if (token === "several") {
    return { reason: "TOKEN_NOT_ACCEPTED", message: "A WebSocket is opened with one token." };
  }
  // A public route takes any token, and one that gRPC cannot say is taken nowhere else.
  if (token !== undefined && !grpcValue.test(token.value)) {
    const message = "A token is text of ASCII's printable characters.";
    return { reason: "TOKEN_NOT_ACCEPTED", message };
  }
  const claims = claimsIn(headers["smartcall-claims"]);
  const peer = textOf(headers["smartcall-peer"]);
  const traceparent = textOf(headers["traceparent"]);
  const largest = Number(textOf(headers["smartcall-largest"]));
  return {
    opened: {
      agent: textOf(headers["smartcall-agent"]),
      token,
      claims,
      turnBytes: largest > 0 ? Math.min(largest, largestRequest) : largestRequest,
      listener: textOf(headers["smartcall-listener"]),
      headers: onwardHeaders(headers),
    },
    caller: claims === undefined ? peer : `${claims.issuer} ${claims.subject}`,
    bytes: rawHeaders.reduce((sum, text) => sum + text.length, url.length),
    requestId: textOf(headers["x-request-id"]),
    traceparent: traceparent === "" ? undefined : traceparent,
  };
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === "string" ? value : "";
}
