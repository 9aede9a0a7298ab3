// A provider's stand-in: TLS, HTTP/1.1 and 2, and enough of OpenAI's wire for its official client.
import type { IncomingMessage } from "node:http";
import { createSecureServer, type Http2ServerRequest } from "node:http2";
import { createServer } from "node:https";
import type { Identity } from "../harness/certificates.ts";
import { pause } from "../harness/eventually.ts";
import { portOf } from "../harness/ports.ts";

/** One request that came to it. */
export interface ProviderRequest {
  readonly httpVersion: string;
  readonly method: string;
  readonly path: string;
  /** With HTTP/2's own, such as `:authority`. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** How often it had renewed its certificate when the request's connection came. */
  readonly renewals: number;
}

/** A running provider. */
export interface Provider {
  readonly port: number;
  /** In the order they came. */
  readonly requests: ProviderRequest[];
  /** Shows those who connect from here on another certificate; connections stay. */
  renew(identity: Identity): void;
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
  let renewals = 0;
  /** By the port that the connection comes from. */
  const renewalsThen = new Map<number | undefined, number>();
  const take = (request: IncomingMessage | Http2ServerRequest, response: Answering): void => {
    const then = renewalsThen.get(request.socket.remotePort) ?? Number.NaN;
    void answer(request, response, (asked) => requests.push({ ...asked, renewals: then }));
  };
  const server = onlyHttp1
    ? createServer({ cert, key }, take)
    : createSecureServer({ cert, key, allowHTTP1: true }, take);
  const sockets = new Set<{ destroy(): void }>();
  server.on("secureConnection", (socket) => {
    sockets.add(socket);
    renewalsThen.set(socket.remotePort, renewals);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server),
    requests,
    renew(next) {
      renewals += 1;
      server.setSecureContext({ cert: next.cert, key: next.key });
    },
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
  note: (request: Omit<ProviderRequest, "renewals">) => void,
): Promise<void> {
  let body = "";
  for await (const chunk of request) body += `${chunk}`;
  const { headers, httpVersion, method = "", url = "" } = request;
  note({ httpVersion, method, path: url, headers: { ...headers }, body });
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
