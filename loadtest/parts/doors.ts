// One caller of each door but server-sent events: an answer of 20 tokens, or what was asked said again.
import { converse } from "./converse.ts";
import { streamByGrpc } from "./grpc-stream.ts";
import { callEcho } from "./invoke.ts";

const tokens = 20;
const paceMs = 10;

/** By REST. */
export function call(): void {
  callEcho(`call ${__VU}-${__ITER}`);
}

/** By gRPC. */
export async function stream(): Promise<void> {
  const messages = [{ role: "user", content: `${tokens} every ${paceMs}` }];
  await streamByGrpc({ messages }, tokens);
}

/** By WebSocket: three turns. */
export function talk(): void {
  converse([tokens, tokens, tokens], paceMs);
}
