// One socket of a caller, from its first frame to its close.

import type { Duplex } from "node:stream";
import type { ClientReadableStream, Metadata } from "@grpc/grpc-js";
import { type Clock, countAgainst, type Log } from "@smartcall/runtime";
import type { WebSocket } from "ws";
import { bounds, type Close, closes, patienceMs, pingMs } from "./bounds.ts";
import { readFrame } from "./client-frame.ts";
import type { Contract } from "./contract.ts";
import { createConversations } from "./conversations.ts";
import type { Gateway } from "./gateway.ts";
import { countIncoming } from "./incoming.ts";
import type { Share } from "./memory.ts";
import type { TurnHeaders } from "./onward.ts";
import { createOutbox } from "./outbox.ts";
import { createReading } from "./reading.ts";
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
  /** Which listener of the gateway let it in. */
  readonly listener: string;
  /** The metadata of one turn. */
  headers(turn: TurnHeaders): Metadata;
}

/** What a session is made with. */
export interface SessionOptions {
  readonly gateway: Gateway;
  readonly contract: Contract;
  readonly clock: Clock;
  readonly log: Pick<Log, "info" | "error">;
  /** Where what it holds is counted. */
  readonly share: Share;
  /** The same of frames that are not whole yet. */
  readonly incoming: Share;
  /** What the socket is read from. */
  readonly raw: Duplex;
  newId(): string;
  turned(end: TurnEnd): void;
}

/** A session. */
export interface Session {
  /** The token that it has at present. */
  readonly token: ShownToken | undefined;
  readonly listener: string;
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
  const { clock, contract, gateway, log, incoming, newId, raw, share } = options;
  let { claims, token } = opened;
  let draining = false;
  let closed = false;
  const timers = new Map<string, () => void>();
  const later = (name: string, ms: number, act: () => void): void => {
    timers.get(name)?.();
    timers.set(name, clock.after(ms, act));
  };

  const close = (why: Close): void => {
    if (closed) return;
    const [code, reason] = closes[why];
    end();
    // Its answer to the close is read, whatever hinders it.
    socket.resume();
    socket.close(code, reason);
    later("close", closeMs, () => socket.terminate());
    log.info({ code, reason }, "closing a socket");
  };
  const end = (): void => {
    closed = true;
    for (const disarm of timers.values()) disarm();
    reading.stop();
    conversations.drop();
    outbox.close();
  };
  const reading = createReading(socket, { clock, everyMs: pingMs, gone: () => close("deaf") });
  const unread = {
    paused() {
      conversations.pause();
      reading.hinder("unread");
    },
    resumed() {
      conversations.resume();
      reading.free("unread");
    },
    stuck: () => close("deaf"),
  };
  const outbox = createOutbox(socket, unread, { clock, patienceMs, share });
  const part = countIncoming(raw, incoming, (room) => close(room === "all" ? "full" : "greedy"));
  const mayStrike = countAgainst(bounds.strikes, () => clock.now());
  const mayAsk = countAgainst(bounds.frames, () => clock.now());
  /** Whether one of this size is not too much. */
  const mayAskFor = (bytes: number): boolean =>
    mayAsk(Math.max(1, Math.ceil(bytes / bounds.frames.bytes)));
  const strike = (): void => {
    if (!mayStrike()) close("greedy");
  };
  const conversations = createConversations({
    contract,
    turnBytes,
    share,
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
  let renewed = Promise.resolve();
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
        strike();
        // One after another: the last that came is the one that stays.
        renewed = renewed.then(() => renew(frame.token)).catch(closeByBug);
        return;
      case "ping":
        outbox.send({ type: "pong" });
    }
  };

  socket.on("message", (data, isBinary) => {
    part.whole();
    if (closed) return;
    reading.heard();
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat([data].flat().map(asBuffer));
    try {
      if (isBinary) close("notProtocol");
      else if (bytes.length > turnBytes) close("tooLarge");
      else onFrame(bytes.toString("utf8"));
    } catch (bug) {
      closeByBug(bug);
    }
    if (closed || mayAskFor(bytes.length)) return;
    reading.hinder("frames");
    later("frames", 1_000, () => reading.free("frames"));
  });
  socket.on("ping", part.beat);
  socket.on("pong", (payload) => {
    part.beat(payload);
    reading.heard();
  });
  // Such as a frame that is too large: the library closes the socket, and says why.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    end();
    share.close();
    incoming.close();
  });

  outbox.send({
    type: "ready",
    agent,
    ...(claims !== undefined && { expires: timeOf(claims) }),
    limits: { conversations: bounds.conversations, turnBytes },
  });
  awaitExpiry();
  return {
    listener: opened.listener,
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
