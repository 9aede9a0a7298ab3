// What differs between Node and browsers.
import type { SmartCallError } from "./errors.ts";

/** Headers that tell which trace a call is a part of (W3C Trace Context). */
export type TraceHeaders = Readonly<Record<string, string>>;

/** Where the library runs. */
export interface Platform {
  /** Whether a WebSocket that is refused says why. */
  readonly tellsRefusals: boolean;
  /** The trace that is active here; empty where there is none. */
  activeTrace(): Promise<TraceHeaders>;
  /** Opens a WebSocket. */
  openSocket(request: SocketRequest, tells: SocketTells): RawSocket;
}

/** How a WebSocket is opened. */
export interface SocketRequest {
  /** Such as `wss://localhost:8443/v1/agents/echo:converse`. */
  readonly url: string;
  readonly token: string | undefined;
  /** Not sent by browsers. */
  readonly headers: Readonly<Record<string, string>>;
  now(): number;
}

/** What a WebSocket tells. */
export interface SocketTells {
  text(text: string): void;
  /** It is closed, and tells nothing more. */
  closed(code: number, reason: string): void;
  /** It was not opened: why, and whether trying again does no harm. */
  failed(failure: OpenFailure): void;
}

/** Why a WebSocket was not opened. */
export interface OpenFailure {
  readonly error: SmartCallError;
  readonly again: boolean;
}

/** A WebSocket, as far as it is used. */
export interface RawSocket {
  send(text: string): void;
  close(): void;
  /** Ends it without a word. */
  drop(): void;
  /** Reads nothing until `resume`, where that can be done. */
  pause(): void;
  resume(): void;
}
