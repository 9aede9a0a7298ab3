// A small server of WebSockets that says what a test says.
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { ConverseSocket } from "../converse/socket.ts";
import { isObject, type JsonObject, parseObject } from "../json.ts";
import type { ClientOptions } from "../options.ts";
import { testClient } from "./client.ts";
import { listen } from "./listen.ts";

/** A socket of a client, from the gateway's side. */
export interface SeenSocket {
  readonly headers: IncomingHttpHeaders;
  readonly frames: readonly JsonObject[];
  readonly raw: WebSocket;
  say(frame: object): void;
  /** An event of a conversation. */
  tell(conversation: string, event: object): void;
  /** Resolves with the frame of that number, from 0 on. */
  frame(at: number): Promise<JsonObject>;
  /** Resolves with the code. */
  readonly closed: Promise<number>;
}

/** A server. */
export interface SocketServer {
  readonly url: string;
  readonly sockets: readonly SeenSocket[];
  close(): Promise<void>;
}

/** What a server does. */
export interface SocketAnswers {
  /** In place of the first frame. */
  opened?(socket: SeenSocket): void;
  /** What a frame is answered with. */
  frame?(socket: SeenSocket, frame: JsonObject): void;
  /** An answer of HTTP in the place of a socket. */
  refuse?(
    headers: IncomingHttpHeaders,
  ): { readonly status: number; readonly body: unknown } | undefined;
}

/** Starts one on a free port. */
export async function serveSockets(answers: SocketAnswers = {}): Promise<SocketServer> {
  const sockets: SeenSocket[] = [];
  const server = createServer();
  const upgrades = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, raw, head) => {
    const refused = answers.refuse?.(request.headers);
    if (refused !== undefined) {
      const text = typeof refused.body === "string" ? refused.body : JSON.stringify(refused.body);
      raw.end(
        `HTTP/1.1 ${refused.status} No\r\ncontent-length: ${Buffer.byteLength(text)}\r\nx-request-id: r\r\n\r\n${text}`,
      );
      return;
    }
    upgrades.handleUpgrade(request, raw, head, (socket) => {
      const each = seenSocket(socket, request.headers, answers);
      sockets.push(each);
      if (answers.opened === undefined) ready(each);
      else answers.opened(each);
    });
  });
  const { close, port } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    sockets,
    close: async () => {
      for (const { raw } of sockets) raw.terminate();
      await close();
    },
  };
}

/** A socket of a client, seen from both its ends. */
export interface OpenedSocket {
  readonly socket: ConverseSocket;
  readonly peer: SeenSocket;
}

/** Opens sockets for the tests of a suite. Their servers end with the test that opened them. */
export function openingSockets() {
  const started: SocketServer[] = [];
  afterEach(async () => {
    for (const { close } of started.splice(0)) await close();
  });
  return async (
    answers: SocketAnswers,
    options: Omit<ClientOptions, "url"> = {},
  ): Promise<OpenedSocket> => {
    const server = await serveSockets(answers);
    started.push(server);
    const client = testClient({ url: server.url, ...options });
    const socket = await client.agent("a").converse();
    const [peer] = server.sockets;
    if (peer === undefined) throw new Error("no socket was opened");
    return { socket, peer };
  };
}

/** The first frame. */
export function ready(socket: SeenSocket, expires?: number): void {
  const until = expires === undefined ? {} : { expires: new Date(expires).toISOString() };
  socket.say({ type: "ready", agent: "a", ...until });
}

function seenSocket(
  raw: WebSocket,
  headers: IncomingHttpHeaders,
  answers: SocketAnswers,
): SeenSocket {
  const frames: JsonObject[] = [];
  const waiting: (() => void)[] = [];
  const socket: SeenSocket = {
    headers,
    frames,
    raw,
    say: (frame) => raw.send(JSON.stringify(frame)),
    tell: (conversation, event) => socket.say({ type: "event", conversation, event }),
    async frame(at) {
      for (;;) {
        const frame = frames[at];
        if (isObject(frame)) return frame;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    closed: new Promise((resolve) => raw.once("close", resolve)),
  };
  raw.on("error", () => undefined);
  raw.on("message", (data) => {
    const frame = parseObject(String(data)) ?? {};
    frames.push(frame);
    for (const wake of waiting.splice(0)) wake();
    answers.frame?.(socket, frame);
  });
  return socket;
}
