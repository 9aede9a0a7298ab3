// What the load generator is asked for, and what it tells.

/** How calls are answered: by one message, or by a stream of events. */
export type Kind = "unary" | "stream";

/** Where calls go. */
export interface Target {
  /** `rest` is HTTP/1.1 with JSON and server-sent events; `grpc` is HTTP/2 with our protos. */
  readonly protocol: "rest" | "grpc";
  /** Such as `https://localhost:8443`. */
  readonly origin: string;
  /** The certificate of the authority that the server's own is from, PEM; for `https` only. */
  readonly ca?: string;
  /** The agent by its name. */
  readonly agent: string;
  /** Sent as `Authorization: Bearer`. Absent: no token. */
  readonly token?: string;
}

/** Calls of one kind for some time. */
export interface Phase {
  readonly target: Target;
  readonly kind: Kind;
  readonly milliseconds: number;
  /** Ends sooner, after so many calls. Absent: without such a bound. */
  readonly most?: number;
  /** Begins so many calls a second, however long they take, those not begun by the end never; absent: each lane as fast as it can. */
  readonly perSecond?: number;
}

/** What became of the calls of a phase. */
export interface PhaseResult {
  /** Those that were answered whole. */
  readonly calls: number;
  readonly failures: number;
  /** Of the first that failed. */
  readonly problem?: string;
  readonly seconds: number;
  /** Events of all streams together. */
  readonly events: number;
  /** Milliseconds from a call's beginning until its answer was whole. */
  readonly whole: readonly number[];
  /** Milliseconds from a call's beginning until the first byte of its body. */
  readonly first: readonly number[];
  /**
   * Milliseconds from when a call was due until its answer was whole: where a rate was asked for, what
   * it waited before it was begun counts too.
   */
  readonly sinceDue: readonly number[];
}

/** One call that was answered whole. */
export interface Answered {
  readonly first: number;
  readonly whole: number;
  readonly events: number;
}

/** Connections to one target. */
export interface Door {
  /** Throws where the answer is not whole, or an error. */
  call(kind: Kind): Promise<Answered>;
  close(): void;
}

/** So many connections each target has, and so many calls are under way at once. */
export const connections = 32;

/** What agents are asked: they say it again, a line at a time, with a millisecond in between. */
export const texts: Readonly<Record<Kind, string>> = {
  unary: "What is the capital of France?",
  stream: Array.from({ length: 20 }, (_, line) => `word ${line}`).join("\n"),
};
