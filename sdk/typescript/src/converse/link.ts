// One WebSocket to an agent: frames go out, and what comes goes to the turn that it is of.
import type { Clock } from "../clock.ts";
import { Cancelled, errorOf, type SmartCallError, StreamBroken, streamBroken } from "../errors.ts";
import { type JsonObject, objectAt, parseObject, textAt } from "../json.ts";
import type { OpenFailure, RawSocket, SocketTells } from "../platform.ts";
import { readError } from "../read-refusal.ts";
import { closeError, mayOpenAgain } from "./close-codes.ts";
import { createFlow } from "./flow.ts";
import { type KeepAlive, keepAlive } from "./keep-alive.ts";
import type { Renewal } from "./renewal.ts";
import { createTurn, type Turn } from "./turn.ts";

/** A socket that is open, or about to be. */
export interface Link {
  readonly draining: boolean;
  /** Resolves once it is closed: undefined where that was our wish. */
  readonly closed: Promise<SmartCallError | undefined>;
  /** Why no turn can be asked for; undefined where one can. */
  problem(conversation: string): SmartCallError | undefined;
  /** Shows another token than the one that a turn was refused with; whether it is taken. */
  renew(): Promise<boolean>;
  /** Asks for a turn. */
  begin(conversation: string, frame: JsonObject): Turn;
  /** The reader of a turn wants no more of it. */
  leave(conversation: string, turn: Turn): void;
  /** Forgets a conversation. */
  forget(conversation: string): void;
  close(): void;
  /** Ends it at once. */
  drop(): void;
}

/** What a link is made with. */
export interface LinkOptions {
  readonly clock: Clock;
  readonly renewal: (show: (token: string) => void) => Renewal;
  open(tells: SocketTells): RawSocket;
  /** It can be used. */
  ready(): void;
  failed(failure: OpenFailure): void;
}

/** How long the other end has to answer a close, in milliseconds. */
const closeMs = 2_000;

/** Opens one. */
export function createLink({ clock, failed, open, ready, renewal }: LinkOptions): Link {
  const turns = new Map<string, Turn[]>();
  let draining = false;
  let isReady = false;
  let end: SmartCallError | undefined;
  let over = false;
  let watch: KeepAlive | undefined;
  let turnBytes = Number.POSITIVE_INFINITY;
  let tellClosed: (error: SmartCallError | undefined) => void = () => undefined;
  const closed = new Promise<SmartCallError | undefined>((resolve) => {
    tellClosed = resolve;
  });
  const send = (frame: JsonObject): void => {
    if (!over) raw.send(JSON.stringify(frame));
  };
  const renewing = renewal((token) => send({ type: "token", token }));

  /** Nothing goes out any more, and who waits is told why. */
  const finish = (why: SmartCallError): void => {
    if (over) return;
    over = true;
    end = why;
    watch?.stop();
    renewing.stop();
    for (const turn of [...turns.values()].flat()) turn.fail(why);
    turns.clear();
  };
  const breakUp = (why: string): void => {
    finish(new StreamBroken(why, streamBroken));
    raw.drop();
    tellClosed(end);
  };
  const toTurn = (name: string, tell: (turn: Turn) => boolean): void => {
    const queue = turns.get(name);
    const [turn] = queue ?? [];
    if (queue === undefined || turn === undefined || !tell(turn)) return;
    queue.shift();
    if (queue.length === 0) turns.delete(name);
  };
  const isExpiry = (frame: JsonObject): void => {
    const at = Date.parse(textAt(frame, "expires"));
    if (!Number.isNaN(at)) renewing.expires(at);
  };
  const refused = (frame: JsonObject): void => {
    const error = readError(objectAt(frame, "error"));
    const conversation = textAt(frame, "conversation");
    if (conversation === "") {
      renewing.refused(error);
      return;
    }
    toTurn(conversation, (turn) => {
      turn.refuse(error, error.retryable && error.reason !== ending.reason);
      return true;
    });
  };
  const heard = (text: string): void => {
    watch?.heard();
    if (over) return;
    const frame = parseObject(text);
    if (frame === undefined) {
      breakUp("A frame of the gateway is no JSON object.");
      return;
    }
    switch (frame["type"]) {
      case "ready":
        isReady = true;
        isExpiry(frame);
        turnBytes = Number(objectAt(frame, "limits")["turnBytes"] ?? turnBytes);
        ready();
        return;
      case "event":
        toTurn(textAt(frame, "conversation"), (turn) =>
          turn.push(objectAt(frame, "event"), text.length),
        );
        return;
      case "refused":
        refused(frame);
        return;
      case "token":
        isExpiry(frame);
        renewing.taken();
        return;
      case "draining":
        draining = true;
    }
  };

  const raw = open({
    text: heard,
    failed(failure) {
      finish(failure.error);
      failed(failure);
    },
    closed(code, reason) {
      const isOurs = end instanceof Cancelled;
      const error = closeError(code, reason);
      finish(error);
      if (!isReady) failed({ error, again: mayOpenAgain(code) });
      tellClosed(isOurs ? undefined : end);
    },
  });
  const flow = createFlow(raw);
  watch = keepAlive(clock, {
    deaf: () => flow.paused || !isReady,
    ask: () => send({ type: "ping" }),
    gone: () => breakUp("The gateway is silent: the connection may be gone."),
  });

  return {
    get draining() {
      return draining;
    },
    closed,
    problem(conversation) {
      if (end !== undefined) return end;
      if (draining) return errorOf(...ending.told);
      const runs = turns.get(conversation)?.some(({ left }) => !left) === true;
      return runs ? errorOf(...running) : undefined;
    },
    renew: () => renewing.another(),
    begin(conversation, frame) {
      const turn = createTurn(flow);
      const text = JSON.stringify({ ...frame, type: "turn", conversation });
      const bytes = utf8.encode(text).length;
      if (bytes > turnBytes) {
        turn.refuse(tooLarge(bytes, turnBytes), false);
        return turn;
      }
      turns.set(conversation, [...(turns.get(conversation) ?? []), turn]);
      if (!over) raw.send(text);
      return turn;
    },
    leave(conversation, turn) {
      if (turns.get(conversation)?.includes(turn) === true) send({ type: "cancel", conversation });
      turn.leave();
    },
    forget: (conversation) => send({ type: "end", conversation }),
    close() {
      finish(new Cancelled("The WebSocket was closed.", { status: 499, reason: "CANCELLED" }));
      raw.resume();
      raw.close();
      const disarm = clock.after(closeMs, () => {
        raw.drop();
        tellClosed(undefined);
      });
      closed.then(disarm, disarm);
    },
    drop() {
      finish(new Cancelled("The WebSocket was closed.", { status: 499, reason: "CANCELLED" }));
      raw.drop();
    },
  };
}

const ending = {
  reason: "GATEWAY_ENDING",
  told: [
    "The gateway is going away: open another WebSocket, once the turns that run have ended.",
    { status: 503, reason: "GATEWAY_ENDING", retryable: true },
  ],
} as const;

const utf8 = new TextEncoder();

function tooLarge(bytes: number, most: number): SmartCallError {
  const message = `The turn has ${bytes} bytes, and a turn has ${most} at most: say less in it.`;
  return errorOf(message, { status: 413, reason: "REQUEST_TOO_LARGE" });
}

const running = [
  "A turn of this conversation runs: read it to its end, or leave it.",
  { status: 409, reason: "TURN_RUNNING" },
] as const;
