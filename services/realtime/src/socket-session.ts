// One socket of a caller, from its first frame to its close.

import type { ClientReadableStream, Metadata } from "@grpc/grpc-js";
import { type Clock, countAgainst, type Log } from "@smartcall/runtime";
import type { WebSocket } from "ws";
import { bounds, type Close, closes, pingMs } from "./bounds.ts";
import { readFrame } from "./client-frame.ts";
import type { Contract } from "./contract.ts";
import { createConversations } from "./conversations.ts";
import type { Gateway } from "./gateway.ts";
import type { TurnHeaders } from "./onward.ts";
import { createOutbox } from "./outbox.ts";
import { refusal } from "./refusal.ts";
import { bearer, type Claims, claimsOf, type ShownToken } from "./token.ts";
import type { TurnEnd } from "./turn.ts";

/** Who opened the socket, and to whom. */
export interface Opened {
  readonly agent: string;
  readonly token: ShownToken | undefined;
  /** What the gateway says of the token. */
  readonly claims: Claims | undefined;
  readonly turnBytes: number;
  /** The metadata of one turn. */
  headers(turn: TurnHeaders): Metadata;
}

/** What a session is made with. */
export interface SessionOptions {
  readonly gateway: Gateway;
  readonly contract: Contract;
  readonly clock: Clock;
  readonly log: Pick<Log, "info" | "error">;
  newId(): string;
  turned(end: TurnEnd): void;
}

/** A session. */
export interface Session {
  /** The token that it has at present. */
  readonly token: ShownToken | undefined;
  /** The token is not taken any more. */
  revoke(): void;
  /** Says so, takes no more turns, and closes once those that run have ended. */
  drain(): void;
}

/** How long a client has to answer the close, in milliseconds; a deaf one reads none. */
const closeMs = 2_000;
/** How much later than its token a socket ends: what its turns end with comes first. */
const afterExpiryMs = 1_000;
/** One timer waits no longer: the time of day may leap while it does. */
const longestWaitMs = 60_000;

/** Holds the conversations of a socket. */
export function startSession(socket: WebSocket, opened: Opened, options: SessionOptions): Session {
  const { agent, turnBytes } = opened;
  const { clock, contract, gateway, log, newId } = options;
  let { claims, token } = opened;
  let draining = false;
  let closed = false;
  let alive = true;
  const timers = new Map<string, () => void>();
  const later = (name: string, ms: number, act: () => void): void => {
    timers.get(name)?.();
    timers.set(name, clock.after(ms, act));
  };

  const close = (why: Close): void => {
    if (closed) return;
    const [code, reason] = closes[why];
    end();
    socket.close(code, reason);
    later("close", closeMs, () => socket.terminate());
    log.info({ code, reason }, "closing a socket");
  };
  const end = (): void => {
    closed = true;
    for (const disarm of timers.values()) disarm();
    conversations.drop();
    outbox.close();
  };
  const outbox = createOutbox(socket, clock, {
    paused() {
      conversations.pause();
      socket.pause();
    },
    resumed() {
      conversations.resume();
      socket.resume();
    },
    stuck: () => close("deaf"),
  });
  const mayStrike = countAgainst(bounds.strikes, () => clock.now());
  const mayAsk = countAgainst(bounds.frames, () => clock.now());
  const strike = (): void => {
    if (!mayStrike()) close("greedy");
  };
  const conversations = createConversations({
    contract,
    turnBytes,
    newId,
    send: outbox.send,
    beyond: strike,
    call: (bytes, { requestId, model, timeoutMs }): ClientReadableStream<Buffer> =>
      gateway.stream(bytes, opened.headers({ agent, token, requestId, model }), timeoutMs),
    ended(ended) {
      options.turned(ended);
      if (ended.reason === "TOKEN_REVOKED") close("revoked");
      else if (draining && conversations.running === 0) close("draining");
    },
  });

  const awaitExpiry = (): void => {
    if (claims === undefined) return;
    const left = claims.expires + afterExpiryMs - clock.now();
    if (left <= 0) close("expired");
    else later("expiry", Math.min(left, longestWaitMs), awaitExpiry);
  };
  const ping = (): void => {
    if (!alive) {
      close("deaf");
      return;
    }
    alive = false;
    socket.ping();
    later("ping", pingMs, ping);
  };
  /** A bug that one socket meets is no other's. */
  const closeByBug = (bug: unknown): void => {
    log.error({ err: bug }, "a bug");
    close("bug");
  };
  const renew = async (given: string): Promise<void> => {
    const said = claimsOf(given);
    const shown = bearer(given);
    const verdict = said === undefined ? "refused" : await gateway.verdictOn(shown);
    if (closed) return;
    if (said === undefined || claims === undefined || verdict === "refused") {
      const words = "The token is not valid here, or the socket was opened without one.";
      conversations.refuse(undefined, refusal("TOKEN_NOT_ACCEPTED", words));
      strike();
    } else if (verdict === "unknown") {
      const words = "The gateway cannot say at present whether it takes the token.";
      conversations.refuse(undefined, refusal("AGENT_UNAVAILABLE", words));
    } else if (said.issuer !== claims.issuer || said.subject !== claims.subject) {
      close("stranger");
    } else {
      token = shown;
      claims = said;
      awaitExpiry();
      outbox.send({ type: "token", expires: timeOf(said) });
    }
  };
  const onFrame = (text: string): void => {
    const read = readFrame(text);
    if (read.kind === "garbage") {
      close("notProtocol");
      return;
    }
    if (read.kind === "wrong") {
      conversations.refuse(read.conversation, refusal("INVALID_REQUEST", read.problem));
      strike();
      return;
    }
    const { frame } = read;
    switch (frame.type) {
      case "turn":
        if (draining) {
          const words = "The gateway is going away: connect again.";
          conversations.refuse(frame.conversation, refusal("GATEWAY_ENDING", words));
        } else conversations.turn(frame);
        return;
      case "cancel":
        conversations.cancel(frame.conversation);
        return;
      case "end":
        conversations.end(frame.conversation);
        return;
      case "token":
        renew(frame.token).catch(closeByBug);
        return;
      case "ping":
        outbox.send({ type: "pong" });
    }
  };

  socket.on("message", (data, isBinary) => {
    if (closed) return;
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat([data].flat().map(asBuffer));
    try {
      if (isBinary) close("notProtocol");
      else if (bytes.length > turnBytes) close("tooLarge");
      else onFrame(bytes.toString("utf8"));
    } catch (bug) {
      closeByBug(bug);
    }
    if (closed || mayAsk()) return;
    socket.pause();
    later("frames", 1_000, () => socket.resume());
  });
  socket.on("pong", () => {
    alive = true;
  });
  // Such as a frame that is too large: the library closes the socket, and says why.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    end();
  });

  outbox.send({
    type: "ready",
    agent,
    ...(claims !== undefined && { expires: timeOf(claims) }),
    limits: { conversations: bounds.conversations, turnBytes },
  });
  awaitExpiry();
  later("ping", pingMs, ping);
  return {
    get token() {
      return token;
    },
    revoke: () => close("revoked"),
    drain() {
      if (closed || draining) return;
      draining = true;
      outbox.send({ type: "draining" });
      if (conversations.running === 0) close("draining");
    },
  };
}

function asBuffer(data: ArrayBuffer | Buffer): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function timeOf({ expires }: Claims): string {
  return new Date(expires).toISOString();
}
