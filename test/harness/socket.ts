// A caller that talks to an agent by WebSocket, as a program with the mesh's CA would.
import type { IncomingMessage } from "node:http";
import { isObject, type JsonObject, parseObject } from "@smartcall/runtime";
import { WebSocket } from "ws";
import { eventually } from "./eventually.ts";
import type { Mesh } from "./mesh.ts";

/** How a socket is opened. */
export interface SocketOptions {
  /** Default: echo. */
  readonly agent?: string;
  /** In the header `authorization`. Default: none. */
  readonly token?: string;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Such as `?access_token=…`. */
  readonly query?: string;
}

/** A socket, and what came by it. */
export interface TestSocket {
  readonly socket: WebSocket;
  readonly frames: readonly JsonObject[];
  send(frame: unknown): void;
  /** The first frame, of those that came, for which it holds. */
  awaits(holds: (frame: JsonObject) => boolean, withinMs?: number): Promise<JsonObject>;
  /** All events of a conversation so far. */
  events(conversation: string): readonly JsonObject[];
  /** Resolves with code and reason once it is closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): void;
}

type Server = Pick<Mesh, "url" | "ca">;

/** Opens a socket; rejects with the status where it is refused. */
export async function openSocket(mesh: Server, options: SocketOptions = {}): Promise<TestSocket> {
  const socket = socketTo(mesh, options);
  const frames: JsonObject[] = [];
  socket.on("message", (data) => {
    frames.push(parseObject(String(data)) ?? {});
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => undefined);
  return {
    socket,
    frames,
    closed,
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    awaits: (holds, withinMs = 15_000) =>
      eventually(
        () => {
          const found = frames.find(holds);
          if (found === undefined) throw new Error(`not among ${JSON.stringify(frames)}`);
          return Promise.resolve(found);
        },
        { withinMs },
      ),
    events: (conversation) =>
      frames.flatMap(({ conversation: of, event }) =>
        of === conversation && isObject(event) ? [event] : [],
      ),
    close: () => socket.close(),
  };
}

/** The status and the body of the answer to an upgrade that is refused. */
export function refusedSocket(
  mesh: Server,
  options: SocketOptions = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const socket = socketTo(mesh, options);
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      socket.terminate();
      reject(new Error("it was opened"));
    });
    socket.on("error", () => undefined);
    socket.once("unexpected-response", (_, response: IncomingMessage) => {
      let body = "";
      response.on("data", (chunk) => {
        body += String(chunk);
      });
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
  });
}

/** A turn that says a text. */
export function turnOf(conversation: string, content: string, more: object = {}): object {
  return { type: "turn", conversation, message: { role: "user", content }, ...more };
}

/** Whether a frame is the last event of a turn of the conversation. */
export function isLast(conversation: string): (frame: JsonObject) => boolean {
  return ({ conversation: of, event, type }) =>
    of === conversation &&
    (type === "refused" || (isObject(event) && ("done" in event || "error" in event)));
}

function socketTo(mesh: Server, options: SocketOptions): WebSocket {
  const { agent = "echo", headers = {}, protocols = [], query = "", token } = options;
  const url = `${mesh.url.replace(/^http/, "ws")}/v1/agents/${agent}:converse${query}`;
  return new WebSocket(url, [...protocols], {
    ca: mesh.ca,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
  });
}
