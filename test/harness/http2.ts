// Calls a mesh by REST over HTTP/2, as browsers do.

import type { IncomingHttpHeaders } from "node:http";
import { type ClientHttp2Session, connect, constants } from "node:http2";
import type { Mesh } from "./mesh.ts";
import type { RestReply, RestRequest } from "./rest.ts";

/** How a request ended: with an answer, or reset. */
export type Http2Reply = RestReply | { readonly reset: string };

type Server = Pick<Mesh, "url" | "ca">;

/** Sends a request on a connection of its own. */
export async function callHttp2(mesh: Server, call: RestRequest): Promise<Http2Reply> {
  const session = openHttp2(mesh);
  try {
    return await callOn(session, call);
  } finally {
    session.destroy();
  }
}

/** A connection, which its caller ends; its errors are those of its calls. */
export function openHttp2({ ca, url }: Server): ClientHttp2Session {
  const session = connect(url, { ca });
  session.on("error", () => undefined);
  return session;
}

/** Sends a request; with the body `hold` it never ends. */
export function callOn(
  session: ClientHttp2Session,
  { body, headers = {}, method = "POST", path, token }: RestRequest,
  { hold = false }: { readonly hold?: boolean } = {},
): Promise<Http2Reply> {
  const content = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  return new Promise((resolve) => {
    const stream = session.request({
      ":method": method,
      ":path": path,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(content === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    });
    let status = 0;
    let said: IncomingHttpHeaders = {};
    let text = "";
    stream.setEncoding("utf8");
    stream.once("response", ({ ":status": code = 0, ...others }) => {
      status = code;
      said = others;
    });
    stream.on("data", (chunk: string) => {
      text += chunk;
    });
    stream.on("error", () => undefined);
    stream.once("close", () => {
      const name = Object.entries(constants).find(
        ([key, value]) => /^NGHTTP2_[A-Z_]+$/.test(key) && value === stream.rstCode,
      );
      if (status === 0) resolve({ reset: name?.[0] ?? `${stream.rstCode}` });
      else resolve({ status, headers: said, text, json: parse(text) });
    });
    if (hold) stream.write(content ?? "");
    else stream.end(content);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
