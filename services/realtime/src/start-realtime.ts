// The whole service in one process: takes sockets, holds them, and lets them go.

import { randomUUID } from "node:crypto";
import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { largestRequest } from "@smartcall/protos";
import { type Clock, claimSocket, type Log } from "@smartcall/runtime";
import type { Registry } from "prom-client";
import { type WebSocket, WebSocketServer } from "ws";
import { bounds, recheckMs } from "./bounds.ts";
import { readContract } from "./contract.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { createRealtimeMetrics, type RealtimeMetrics } from "./metrics.ts";
import { readUpgrade, type Upgrade, type UpgradeRefusal } from "./read-upgrade.ts";
import { refusal } from "./refusal.ts";
import { type Session, startSession } from "./socket-session.ts";
import { watchTokens } from "./watch-tokens.ts";

/** What the service is made of. */
export interface RealtimeOptions {
  /** The socket that the gateway knocks at. */
  readonly path: string;
  /** Where turns go back into the gateway, such as `unix:inside.sock`. */
  readonly inside: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** A service that listens. */
export interface Realtime {
  readonly registry: Registry;
  /** Takes no more sockets, and closes each once its turns have ended. */
  close(): Promise<void>;
}

/** Starts it; or says in a sentence why it cannot. */
export async function startRealtime(
  options: RealtimeOptions,
): Promise<
  | { readonly ok: true; readonly service: Realtime }
  | { readonly ok: false; readonly problem: string }
> {
  const { clock, log, path } = options;
  const contract = readContract();
  const gateway: Gateway = createGateway(options.inside, contract);
  const sessions = new Map<WebSocket, Session>();
  const ofCaller = new Map<string, number>();
  const metrics: RealtimeMetrics = createRealtimeMetrics(() => sessions.size);
  let ending = false;

  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: largestRequest,
    perMessageDeflate: false,
    handleProtocols: (offered) => offered.has(protocol) && protocol,
  });
  const refusalFor = ({ caller }: Upgrade): UpgradeRefusal | undefined => {
    if (ending) return { reason: "GATEWAY_ENDING", message: "The gateway is going away." };
    const own = ofCaller.get(caller) ?? 0;
    if (own >= bounds.socketsOfCaller) {
      const message = `A caller holds at most ${bounds.socketsOfCaller} WebSockets.`;
      return { reason: "TOO_MANY_SOCKETS", message };
    }
    if (sessions.size >= bounds.sockets) {
      return { reason: "TOO_MANY_SOCKETS", message: "The gateway holds no more WebSockets." };
    }
    return undefined;
  };
  const open = (socket: WebSocket, { caller, opened, requestId, traceparent }: Upgrade): void => {
    const { agent } = opened;
    const session = startSession(socket, opened, {
      gateway,
      contract,
      clock,
      log: log.child({ requestId, traceparent, agent }),
      newId: randomUUID,
      turned: metrics.turned,
    });
    sessions.set(socket, session);
    ofCaller.set(caller, (ofCaller.get(caller) ?? 0) + 1);
    socket.once("close", (code) => {
      sessions.delete(socket);
      const left = (ofCaller.get(caller) ?? 1) - 1;
      if (left === 0) ofCaller.delete(caller);
      else ofCaller.set(caller, left);
      metrics.closed(code);
      if (sessions.size === 0) emptied();
    });
  };
  let emptied = (): void => undefined;

  const server = createServer((request, response) => {
    const isHealth = request.url === "/healthz";
    response.writeHead(isHealth && !ending ? 200 : isHealth ? 503 : 404).end();
  });
  server.on("upgrade", (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    raw.on("error", () => raw.destroy());
    const read = readUpgrade(request);
    const refused = "reason" in read ? read : refusalFor(read);
    if ("reason" in read || refused !== undefined) {
      if (refused !== undefined) metrics.refused(refuse(raw, refused, request));
      return;
    }
    sockets.handleUpgrade(request, raw, head, (socket) => open(socket, read));
  });
  const stopWatching = watchTokens(() => sessions.values(), gateway, {
    clock,
    everyMs: recheckMs,
    log,
  });

  const claimed = await claimSocket(path);
  if (claimed !== "free") {
    stopWatching();
    gateway.close();
    const problem =
      claimed === "in use"
        ? `Another process listens on ${path} already.`
        : `${path} is too long for a socket.`;
    return { ok: false, problem };
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    ok: true,
    service: {
      registry: metrics.registry,
      async close() {
        ending = true;
        rmSync(path, { force: true });
        server.close();
        const empty = new Promise<void>((resolve) => {
          emptied = resolve;
        });
        for (const session of sessions.values()) session.drain();
        if (sessions.size > 0) await empty;
        server.closeAllConnections();
        stopWatching();
        gateway.close();
      },
    },
  };
}

/** The protocol that callers offer (RFC 6455, section 1.9). */
const protocol = "smartcall";

/** Answers in the place of a socket; gives the HTTP status. */
function refuse(
  raw: Duplex,
  { message, reason }: UpgradeRefusal,
  request: IncomingMessage,
): number {
  const { "x-request-id": id } = request.headers;
  const error = refusal(reason, message, typeof id === "string" ? id : undefined);
  const body = JSON.stringify({ error });
  const head = [
    `HTTP/1.1 ${error.code} ${STATUS_CODES[error.code] ?? ""}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  raw.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  return error.code;
}
