// Calls a mesh by REST, as a program with its CA would.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { type Agent, request } from "node:https";
import type { Mesh } from "./mesh.ts";

/** One request. A body that is no text is sent as JSON. */
export interface RestRequest {
  /** Default: POST. */
  readonly method?: string;
  /** Such as `/v1/agents/echo:invoke`. */
  readonly path: string;
  /** Default: none. */
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** The client's certificate and its key, PEM. Default: none. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Keeps connections open between calls. Default: a connection each. */
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
}

/** What came back. */
export interface RestReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}

type Server = Pick<Mesh, "url" | "ca">;

/** Sends a request and reads the whole answer. Throws where the connection breaks. */
export async function callRest(mesh: Server, call: RestRequest): Promise<RestReply> {
  const response = await openRest(mesh, call);
  let text = "";
  response.setEncoding("utf8");
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) };
}

/** Sends a request and gives the answer as soon as its head is there. */
export function openRest(mesh: Server, call: RestRequest): Promise<IncomingMessage> {
  const { method = "POST", path, token, body, headers = {}, agent, signal, certificate } = call;
  const content = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(`${mesh.url}${path}`, {
      method,
      ca: mesh.ca,
      agent: agent ?? false,
      ...(certificate && { cert: certificate.cert, key: certificate.key }),
      ...(signal === undefined ? {} : { signal }),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(content === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
    });
    sent.once("response", resolve);
    sent.once("error", reject);
    sent.end(content);
  });
}

/** A body with one message of the user's. */
export function asking(content: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { messages: [{ role: "user", content }], ...more };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
