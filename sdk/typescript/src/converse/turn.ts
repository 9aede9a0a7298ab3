// One turn of a conversation: its events, from the socket to who reads them.
import { broken, Cancelled, type SmartCallError } from "../errors.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { Tried } from "../retry.ts";
import type { Flow } from "./flow.ts";

/** A turn that was asked for. */
export interface Turn {
  /** Whether its reader wants no more of it. */
  readonly left: boolean;
  /** Its first event has come, or it was refused. */
  readonly began: Promise<Tried<undefined>>;
  readonly events: AsyncIterator<JsonObject, void, void>;
  /** Gives it an event of so many characters; whether it was the last. */
  push(event: JsonObject, size: number): boolean;
  refuse(error: SmartCallError, again: boolean): void;
  /** Nothing more of it comes. */
  fail(error: SmartCallError): void;
  /** Forgets what waits; what still comes is thrown away. */
  leave(): void;
}

/** A turn of which nothing has come. */
export function createTurn(flow: Flow): Turn {
  const waiting: { readonly event: JsonObject; readonly size: number }[] = [];
  let left = false;
  let over = false;
  let failure: SmartCallError | undefined;
  let wake: (() => void) | undefined;
  let begin: (tried?: Tried<undefined>) => void = () => undefined;
  const began = new Promise<Tried<undefined>>((resolve) => {
    flow.waits();
    begin = (tried) => {
      begin = () => undefined;
      flow.waitsNoMore();
      if (tried !== undefined) resolve(tried);
    };
  });
  const wakeReader = (): void => {
    if (wake === undefined) return;
    flow.waitsNoMore();
    wake();
    wake = undefined;
  };
  const sleep = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      flow.waits();
    });
  const end = (error?: SmartCallError): void => {
    over = true;
    failure = error;
    wakeReader();
  };
  return {
    get left() {
      return left;
    },
    began,
    events: {
      async next() {
        for (;;) {
          const next = waiting.shift();
          if (next !== undefined) {
            flow.taken(next.size);
            return { done: false, value: next.event };
          }
          if (failure !== undefined) throw failure;
          if (over) return { done: true, value: undefined };
          await sleep();
        }
      },
    },
    push(event, size) {
      const isLast = isObject(event["done"]) || isObject(event["error"]);
      if (!left) {
        waiting.push({ event, size });
        flow.came(size);
        wakeReader();
      }
      begin({ ok: true, value: undefined });
      if (isLast) end();
      return isLast;
    },
    refuse(error, again) {
      begin({ ok: false, error, again });
      end(error);
    },
    fail(error) {
      const isOurs = error instanceof Cancelled;
      const why = isOurs ? error : broken(error.message.replace(/\.$/, ""), { cause: error });
      begin({ ok: false, error: why, again: false });
      end(error);
    },
    leave() {
      left = true;
      begin();
      for (const { size } of waiting.splice(0)) flow.taken(size);
      end();
    },
  };
}
