// A small server of HTTP that answers as a test says, faults of the wire included.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { listen } from "./listen.ts";

/** A request that came whole. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Resolves once its connection is closed, or its answer was sent whole. */
  readonly over: Promise<"hung up" | "answered">;
}

/** A server, and what came to it. */
export interface WireServer {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

/** How a request is answered; `at` counts requests from 0. */
export type Answering = (response: ServerResponse, request: SeenRequest, at: number) => void;

/** Starts one on a free port. */
export async function serveHttp(answer: Answering): Promise<WireServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    let body = "";
    const over = new Promise<"hung up" | "answered">((resolve) => {
      response.once("close", () => resolve(response.writableFinished ? "answered" : "hung up"));
    });
    request.setEncoding("utf8");
    request.on("data", (text: string) => {
      body += text;
    });
    request.once("end", () => {
      const { headers, method = "", url: path = "" } = request;
      const each = { method, path, headers, body, over };
      seen.push(each);
      answer(response, each, seen.length - 1);
    });
  });
  const { close, port } = await listen(server);
  return { url: `http://127.0.0.1:${port}`, seen, close };
}

/** Starts servers for the tests of a suite. They end with the test that started them. */
export function servingHttp(): (answer: Answering) => Promise<WireServer> {
  const started: WireServer[] = [];
  afterEach(async () => {
    for (const { close } of started.splice(0)) await close();
  });
  return async (answer) => {
    const server = await serveHttp(answer);
    started.push(server);
    return server;
  };
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** Begins a stream with these events. */
export function stream(response: ServerResponse, ...events: readonly unknown[]): void {
  response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": "request-1" });
  response.write(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
}

/** A delta. */
export function delta(sequence: number, content: string): object {
  return { callId: "call-1", sequence, delta: { content } };
}

/** The last event of a whole answer. */
export function done(sequence: number): object {
  const usage = { inputTokens: 3, outputTokens: 5 };
  return { callId: "call-1", sequence, done: { finishReason: "stop", usage } };
}

/** A refusal as the gateway words it. */
export function refusal(
  code: number,
  reason: string,
  { retry = "no", retryDelay, fields = [] }: RefusalFacts = {},
): object {
  const at = "type.googleapis.com/google.rpc.";
  const metadata = { requestId: "request-1", fault: "policy", retry, rule: "default:echo" };
  const details = [
    { "@type": `${at}ErrorInfo`, reason, domain: "smartcall", metadata },
    ...(retryDelay === undefined ? [] : [{ "@type": `${at}RetryInfo`, retryDelay }]),
    ...(fields.length === 0
      ? []
      : [
          {
            "@type": `${at}BadRequest`,
            fieldViolations: fields.map((field) => ({ field, description: "is wrong" })),
          },
        ]),
  ];
  return { error: { code, status: "STATUS", message: `It is ${reason}.`, details } };
}

interface RefusalFacts {
  readonly retry?: "yes" | "no";
  readonly retryDelay?: string;
  readonly fields?: readonly string[];
}

/** A whole answer of `:invoke`. */
export const answered = {
  id: "call-1",
  message: { role: "assistant", content: "Hello" },
  finishReason: "stop",
  usage: { inputTokens: 1, outputTokens: 2 },
};
