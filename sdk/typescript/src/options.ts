// What users choose, and what it comes to.
import type { Clock } from "./clock.ts";
import type { Platform } from "./platform.ts";
import { createTokenSource, type Token, type TokenSource } from "./token.ts";

/** How a client calls. */
export interface ClientOptions {
  /** The gateway's, such as `https://localhost:8443`. */
  readonly url: string;
  /**
   * A token, or a function that gives one: asked for the first call, before the token expires,
   * and once more where the gateway refuses it. Calls at the same time share one answer. What it
   * throws reaches the caller of each of them.
   */
  readonly token?: Token | undefined;
  /** How long each call may take, in milliseconds. Default: as long as its route allows. */
  readonly timeoutMs?: number | undefined;
  /** How often at most a call is tried again, where that does no harm. Default: 2. */
  readonly retries?: number | undefined;
  /**
   * Whether the agent may do a call twice: it is then tried again too where the agent may have
   * had it already. Default: false.
   */
  readonly idempotent?: boolean | undefined;
  /** Sent with each call: routes may ask for them. Browsers send none with a WebSocket. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** In place of the platform's own, such as one of `undici` with a proxy. Not for WebSockets. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** How one call is made; what is left out is as the client has it. */
export interface CallOptions {
  /** How long it may take, its retries too, in milliseconds. The agent is told. */
  readonly timeoutMs?: number | undefined;
  readonly retries?: number | undefined;
  /** Whether the agent may do it twice. */
  readonly idempotent?: boolean | undefined;
  /** Cancels the call, here and at the agent. */
  readonly signal?: AbortSignal | undefined;
  /** Which trace the call is a part of (W3C). Default: the active one of OpenTelemetry, in Node. */
  readonly traceparent?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What calls are made with. */
export interface Wire {
  /** Without a slash at its end. */
  readonly url: string;
  readonly tokens: TokenSource;
  readonly defaults: Pick<ClientOptions, "timeoutMs" | "retries" | "idempotent" | "headers">;
  readonly platform: Platform;
  readonly clock: Clock;
  random(): number;
  fetch: typeof globalThis.fetch;
}

/** What is not the user's to choose. */
export interface Surroundings {
  readonly platform: Platform;
  readonly clock: Clock;
  random(): number;
}

/** Checks what the user chose. Throws TypeError where it makes no sense. */
export function createWire(options: ClientOptions, around: Surroundings): Wire {
  const { fetch = globalThis.fetch, token, url } = options;
  const { headers, idempotent, retries, timeoutMs } = options;
  const base = new URL(url);
  if (base.protocol !== "https:" && base.protocol !== "http:") {
    throw new TypeError(`The url is ${url}: give the gateway's, such as https://localhost:8443.`);
  }
  return {
    url: `${base.origin}${base.pathname}`.replace(/\/+$/, ""),
    tokens: createTokenSource(token, around.clock),
    defaults: { timeoutMs, retries, idempotent, headers },
    platform: around.platform,
    clock: around.clock,
    random: around.random,
    // Browsers take it with no other `this` than their own.
    fetch: (...args) => fetch(...args),
  };
}

/** What a call comes to, with the client's own choices. */
export function chosen(wire: Wire, call: CallOptions) {
  const { retries = wire.defaults.retries ?? 2, timeoutMs = wire.defaults.timeoutMs } = call;
  if (!Number.isInteger(retries) || retries < 0) {
    throw new TypeError(`retries is ${retries}: give a whole number from 0 on.`);
  }
  const { idempotent = wire.defaults.idempotent ?? false } = call;
  const headers = { ...inLowerCase(wire.defaults.headers), ...inLowerCase(call.headers) };
  return { retries, timeoutMs, idempotent, headers };
}

/** So that headers of one name are one, however it is written. */
function inLowerCase(headers: CallOptions["headers"] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** The headers of its trace. Throws TypeError for a `traceparent` that is none. */
export async function traceOf(
  wire: Wire,
  { traceparent }: CallOptions,
): Promise<Readonly<Record<string, string>>> {
  if (traceparent === undefined) return await wire.platform.activeTrace();
  if (/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent)) {
    return { traceparent };
  }
  throw new TypeError(`traceparent is ${traceparent}: it is none of W3C Trace Context.`);
}
