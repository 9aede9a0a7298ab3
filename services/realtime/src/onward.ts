// What of a socket's upgrade goes on with each of its turns.

import type { IncomingHttpHeaders } from "node:http";
import { Metadata } from "@grpc/grpc-js";
import { grpcName, grpcValue } from "./grpc-text.ts";
import type { ShownToken } from "./token.ts";

/** What a turn has of its own. */
export interface TurnHeaders {
  readonly agent: string;
  readonly token: ShownToken | undefined;
  readonly requestId: string;
  readonly model: string | undefined;
}

/** What is the connection's, or says who calls, which is said anew for each turn. */
const notOnward =
  /^(:.*|accept.*|authorization|cache-control|connection|content-.*|cookie|expect|forwarded|grpc-.*|host|keep-alive|origin|pragma|proxy-.*|referer|sec-.*|smartcall[-_].*|te|trailer|transfer-encoding|upgrade|user-agent|x-api-key|x-envoy-.*|x[-_]forwarded[-_].*|x-request-.*|.*-bin)$/;

/**
 * The headers of every turn of a socket. All that routes may ask for goes along, and the
 * trace; nothing of the token, and no query.
 *
 * @returns what makes the metadata of one turn
 */
export function onwardHeaders(headers: IncomingHttpHeaders): (turn: TurnHeaders) => Metadata {
  const shared = new Metadata();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || notOnward.test(name) || !grpcName.test(name)) continue;
    for (const each of [value].flat()) {
      if (each === "" || grpcValue.test(each)) shared.add(name, each);
    }
  }
  const { "smartcall-peer": peer } = headers;
  if (typeof peer === "string") shared.set("smartcall-address", peer);
  return ({ agent, token, requestId, model }) => {
    const metadata = shared.clone();
    metadata.set("smartcall-agent", agent);
    metadata.set("x-request-id", requestId);
    if (token !== undefined) metadata.set(token.header, token.value);
    if (model !== undefined && grpcValue.test(model)) metadata.set("smartcall-model", model);
    return metadata;
  };
}
