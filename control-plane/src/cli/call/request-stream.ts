// Sends a streaming call to the edge.

import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { type Reach, requestTo } from "../edge/reach.ts";

/** What is sent, and to whom. */
export interface StreamRequest {
  readonly edge: Reach;
  readonly token: string;
  readonly agent: string;
  /** The JSON body. */
  readonly body: string;
  /** Aborts the call, on the way or while it answers. */
  readonly signal: AbortSignal;
}

/** The answer's head, with its body to be read; or why there is none. */
export type StreamResponse =
  | { readonly ok: true; readonly response: IncomingMessage }
  | { readonly ok: false; readonly code: string; readonly problem: string };

/** Calls the agent's `:stream`; resolves when the answer's head is there. */
export function requestStream(call: StreamRequest): Promise<StreamResponse> {
  const path = `/v1/agents/${encodeURIComponent(call.agent)}:stream`;
  return new Promise((resolve) => {
    const options = requestTo(call.edge, path);
    const sent = request({
      ...options,
      method: "POST",
      signal: call.signal,
      headers: {
        ...options.headers,
        authorization: `Bearer ${call.token}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(call.body),
      },
    });
    sent.once("response", (response) => resolve({ ok: true, response }));
    sent.on("error", (error: NodeJS.ErrnoException) =>
      resolve({ ok: false, code: error.code ?? "", problem: error.message }),
    );
    sent.end(call.body);
  });
}
