// What connections of every kind have in common: where they come from, what they say, when an answer is right.
import { connect as connectTcp } from "node:net";
import { connect, type SecureContext, type TLSSocket } from "node:tls";
import { parseObject } from "@smartcall/runtime";
import { detailOf } from "../harness/error-details.ts";
import { textAt } from "../harness/json.ts";
import type { LinesTo, Reply } from "./connections-types.ts";

/** How long an answer may take, in milliseconds: many wait for each other. */
export const patienceMs = 180_000;

/** Opens the TLS connection with this number. */
export function tlsTo(
  to: LinesTo,
  secureContext: SecureContext,
  number: number,
  ALPNProtocols: string[],
): TLSSocket {
  const place = { host: "127.0.0.1", port: to.port, localAddress: of(to.from, number) };
  const socket = connectTcp(place);
  return connect({ socket, servername: "localhost", secureContext, ALPNProtocols });
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | string[] | undefined;
  readonly text: string;
}

/** Throws where an answer is neither right nor a refusal that says when to come again. */
export function replyOf(answer: Answer, ask: string): Reply {
  const { status, retryAfter, text } = answer;
  if (status === 503 && retryAfter !== undefined) return { status, reason: reasonOf(text) };
  const said = textAt(parseObject(text), "message", "content");
  if (status === 200 && said === ask) return { status };
  throw new Error(`asked "${ask}" it answered ${status}: ${text.slice(0, 300)}`);
}

/** As docs/refusals.md has it. */
function reasonOf(text: string): string {
  return textAt(detailOf({ json: parseObject(text) }, "ErrorInfo"), "reason");
}

/** The headers of a call on the connection with this number. */
export function headersOf(to: LinesTo, number: number): Record<string, string> {
  return {
    "content-type": "application/json",
    authorization: `Bearer ${of(to.tokens, number)}`,
  };
}

/** Where the agent is called. */
export function pathOf({ agent }: LinesTo): string {
  return `/v1/agents/${agent}:invoke`;
}

/** The one of these that the connection with this number has. */
export function of(all: readonly string[], number: number): string {
  return all[number % all.length] ?? "";
}
