// A provider's stand-in: TLS, HTTP/1.1 and 2, and enough of OpenAI's wire for its official client.
import type { IncomingMessage } from "node:http";
import { createSecureServer, type Http2ServerRequest } from "node:http2";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Identity } from "../harness/certificates.ts";
import { pause } from "../harness/eventually.ts";

/** One request that came to it. */
export interface ProviderRequest {
  readonly httpVersion: string;
  readonly method: string;
  readonly path: string;
  /** With HTTP/2's own, such as `:authority`. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** A running provider. */
export interface Provider {
  readonly port: number;
  /** In the order they came. */
  readonly requests: ProviderRequest[];
  stop(): Promise<void>;
}

/** Between the words of a streamed answer. */
const pauseMs = 300;

/**
 * Listens at loopback. A path that ends in `/never` is never answered, one that ends in
 * `/busy` by a 503 of its own; all others are the completion of a chat.
 *
 * @param onlyHttp1 whether it speaks no HTTP/2
 */
export async function startProvider(identity: Identity, onlyHttp1 = false): Promise<Provider> {
  const requests: ProviderRequest[] = [];
  const { cert, key } = identity;
  const server = onlyHttp1
    ? createServer({ cert, key }, (request, response) => {
        void answer(request, response, requests);
      })
    : createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => {
        void answer(request, response, requests);
      });
  const sockets = new Set<{ destroy(): void }>();
  server.on("secureConnection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server.address()),
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** What both versions of HTTP answer with. */
interface Answering {
  setHeader(name: string, value: string): unknown;
  write(text: string): unknown;
  end(text: string): unknown;
  statusCode: number;
}

async function answer(
  request: IncomingMessage | Http2ServerRequest,
  response: Answering,
  requests: ProviderRequest[],
): Promise<void> {
  let body = "";
  for await (const chunk of request) body += `${chunk}`;
  const { headers, httpVersion, method = "", url = "" } = request;
  requests.push({ httpVersion, method, path: url, headers: { ...headers }, body });
  if (url.endsWith("/never")) return;
  response.setHeader("x-request-id", "of-the-provider");
  response.setHeader("alt-svc", 'h3=":443"');
  if (url.endsWith("/busy")) {
    response.statusCode = 503;
    response.setHeader("content-type", "application/json");
    response.end('{"error":{"message":"busy"}}');
    return;
  }
  if (!body.includes('"stream":true')) {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(completion));
    return;
  }
  response.setHeader("content-type", "text/event-stream");
  for (const word of ["Paris", " it", " is"]) {
    response.write(`data: ${JSON.stringify(chunkOf(word))}\n\n`);
    await pause(pauseMs);
  }
  response.end("data: [DONE]\n\n");
}

const completion = {
  id: "one",
  object: "chat.completion",
  created: 1,
  model: "small",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Paris." } }],
};

function chunkOf(content: string) {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return { id: "one", object: "chat.completion.chunk", created: 1, model: "small", choices };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address.port;
}
