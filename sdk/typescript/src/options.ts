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

/** What the client chose for each of its calls. */
export type Defaults = Pick<ClientOptions, "timeoutMs" | "retries" | "idempotent" | "headers">;

/** What calls are made with. */
export interface Wire {
  /** Without a slash at its end. */
  readonly url: string;
  readonly tokens: TokenSource;
  readonly defaults: Defaults;
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
  const defaults = { timeoutMs, retries, idempotent, headers };
  chosen(defaults);
  const base = new URL(url);
  if (base.protocol !== "https:" && base.protocol !== "http:") {
    throw new TypeError(`The url is ${url}: give the gateway's, such as https://localhost:8443.`);
  }
  return {
    url: `${base.origin}${base.pathname}`.replace(/\/+$/, ""),
    tokens: createTokenSource(token, around.clock),
    defaults,
    platform: around.platform,
    clock: around.clock,
    random: around.random,
    // Browsers take it with no other `this` than their own.
    fetch: (...args) => fetch(...args),
  };
}

/** What a call comes to. */
export interface Choice {
  readonly retries: number;
  readonly timeoutMs: number | undefined;
  readonly idempotent: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  readonly traceparent: string | undefined;
}

/** What a call comes to, with the client's own choices. Throws TypeError where it makes no sense. */
export function chosen(defaults: Defaults, call: CallOptions = {}): Choice {
  const { retries = defaults.retries ?? 2, timeoutMs = defaults.timeoutMs } = call;
  if (!Number.isInteger(retries) || retries < 0) {
    throw new TypeError(`retries is ${retries}: give a whole number from 0 on.`);
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0 && Number.isFinite(timeoutMs))) {
    throw new TypeError(`timeoutMs is ${timeoutMs}: give a number of milliseconds above 0.`);
  }
  const { idempotent = defaults.idempotent ?? false, signal, traceparent } = call;
  if (traceparent !== undefined && !w3cParent.test(traceparent)) {
    throw new TypeError(`traceparent is ${traceparent}: it is none of W3C Trace Context.`);
  }
  const headers = { ...inLowerCase(defaults.headers), ...inLowerCase(call.headers) };
  return { retries, timeoutMs, idempotent, headers, signal, traceparent };
}

/** A `traceparent` as W3C Trace Context has it. */
const w3cParent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** So that headers of one name are one, however it is written. */
function inLowerCase(headers: CallOptions["headers"] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** The headers of its trace. */
export async function traceOf(
  { platform }: Wire,
  { traceparent }: Choice,
): Promise<Readonly<Record<string, string>>> {
  return traceparent === undefined ? await platform.activeTrace() : { traceparent };
}
