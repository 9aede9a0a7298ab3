// The whole service in one process: takes sockets, holds them, and lets them go.

import { randomUUID } from "node:crypto";
import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { largestRequest, type ReasonRow, reasons } from "@smartcall/protos";
import { type Clock, claimSocket, type Log } from "@smartcall/runtime";
import type { Registry } from "prom-client";
import { type WebSocket, WebSocketServer } from "ws";
import { askListener } from "./ask-listener.ts";
import { bounds, listenerCheckMs, recheckMs } from "./bounds.ts";
import { readContract } from "./contract.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { createMemory, type MemoryBounds } from "./memory.ts";
import { createRealtimeMetrics, type RealtimeMetrics } from "./metrics.ts";
import { readUpgrade, type Upgrade, type UpgradeRefusal } from "./read-upgrade.ts";
import { refusal } from "./refusal.ts";
import { type Session, startSession } from "./socket-session.ts";
import { watchListener } from "./watch-listener.ts";
import { watchTokens } from "./watch-tokens.ts";

/** What the service is made of. */
export interface RealtimeOptions {
  /** The socket that the gateway knocks at. */
  readonly path: string;
  /** Where turns go back into the gateway, such as `unix:inside.sock`. */
  readonly inside: string;
  /** How long a listener lets sockets go on that was replaced, in seconds. */
  readonly drainSeconds: number;
  /** Default: those of `bounds`. */
  readonly memory?: MemoryBounds;
  readonly incoming?: MemoryBounds;
  readonly clock: Clock;
  readonly log: Log;
}

/** A service that listens. */
export interface Realtime {
  readonly registry: Registry;
  /**
   * Takes no more sockets, and closes each once its turns have ended.
   *
   * @param freed told once another service may listen in this one's place
   */
  close(freed?: () => void): Promise<void>;
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
  const memory = createMemory(options.memory ?? bounds.memory);
  const incoming = createMemory(options.incoming ?? bounds.incoming);
  const sessions = new Map<WebSocket, Session>();
  const ofCaller = new Map<string, number>();
  const metrics: RealtimeMetrics = createRealtimeMetrics(
    () => sessions.size,
    () => memory.held + incoming.held,
  );
  let ending = false;

  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: largestRequest,
    perMessageDeflate: false,
    maxFragments: bounds.fragments,
    maxBufferedChunks: bounds.parts,
    handleProtocols: (offered) => offered.has(protocol) && protocol,
  });
  const refusalFor = ({ caller }: Upgrade): UpgradeRefusal | undefined => {
    if (ending) return { reason: "GATEWAY_ENDING", message: "The gateway is going away." };
    const own = ofCaller.get(caller) ?? 0;
    if (own >= bounds.socketsOfCaller) {
      const message = `A caller holds at most ${bounds.socketsOfCaller} WebSockets.`;
      return { reason: "TOO_MANY_SOCKETS", message };
    }
    const isFull = memory.shareOf(caller).room !== "room";
    if (sessions.size >= bounds.sockets || isFull) {
      return {
        reason: "TOO_MANY_SOCKETS",
        message: "The gateway holds no more WebSockets, or no more for this caller.",
      };
    }
    return undefined;
  };
  const open = (socket: WebSocket, raw: Duplex, upgrade: Upgrade): void => {
    const { caller, opened, requestId, traceparent } = upgrade;
    const { agent } = opened;
    const share = memory.shareOf(caller);
    share.hold(upgrade.bytes);
    const session = startSession(socket, opened, {
      gateway,
      contract,
      clock,
      log: log.child({ requestId, traceparent, agent }),
      share,
      incoming: incoming.shareOf(caller),
      raw,
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
    sockets.handleUpgrade(request, raw, head, (socket) => open(socket, raw, read));
  });
  const present = () => sessions.values();
  const watches = [
    watchTokens(present, gateway, { clock, everyMs: recheckMs, log }),
    watchListener(present, {
      ask: () => askListener(options.inside),
      clock,
      everyMs: listenerCheckMs,
      within: Math.min(60, Math.floor(options.drainSeconds / 4)),
      log,
    }),
  ];
  const stopWatching = (): void => {
    for (const stop of watches) stop();
  };

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
      async close(freed = () => undefined) {
        ending = true;
        rmSync(path, { force: true });
        server.close();
        freed();
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
  const { retrySeconds: retryAfter }: ReasonRow = reasons[reason];
  const body = JSON.stringify({ error });
  const head = [
    `HTTP/1.1 ${error.code} ${STATUS_CODES[error.code] ?? ""}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    ...(retryAfter === undefined ? [] : [`retry-after: ${retryAfter}`]),
  ];
  raw.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  return error.code;
}
