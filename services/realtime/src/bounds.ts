// How much one socket, one caller and one process may hold.

const MiB = 1024 * 1024;

/** What a caller may do. */
export const bounds = {
  /** Conversations of one socket. */
  conversations: 16,
  /** Frames of one socket; the rest waits. One counts for each 64 KiB of it that are begun. */
  frames: { perSecond: 100, burst: 200, bytes: 64 * 1024 },
  /** Frames that are refused because of these bounds, and tokens; then the socket is closed. */
  strikes: { perSecond: 0.5, burst: 20 },
  /** Sockets of one caller, and of all. */
  socketsOfCaller: 200,
  sockets: 10_000,
  /** What is held for the sockets of one caller, and of all, in bytes. */
  memory: { ofCaller: 64 * MiB, ofAll: 512 * MiB },
  /** The same of frames that are not whole yet. */
  incoming: { ofCaller: 32 * MiB, ofAll: 128 * MiB },
  /** The largest event of an agent, in bytes. */
  event: 4 * MiB,
  /** The most frames that one message comes in, and the most parts that one frame does. */
  fragments: 1_024,
  parts: 16_384,
} as const;

/** How often a client is asked whether it is there, in milliseconds. */
export const pingMs = 20_000;

/**
 * How long a client may read nothing of what waits for it, in milliseconds. Between it and this
 * service half a megabyte may be on its way, which one that reads slowly takes long to read.
 */
export const patienceMs = 120_000;

/** How often tokens of open sockets are asked after, in milliseconds: they may be revoked. */
export const recheckMs = 5_000;

/** How often it is asked which listener lets sockets in, in milliseconds. */
export const listenerCheckMs = 1_000;

/** Why sockets are closed (RFC 6455, section 7.4; from 4000 on, ours). */
export const closes = {
  draining: [1001, "the gateway is going away: connect again"],
  tooLarge: [1009, "a frame is larger than `limits.turnBytes`"],
  bug: [1011, "the gateway has a bug"],
  full: [1013, "the gateway has no room at present: connect again later"],
  notProtocol: [4400, "a frame is one JSON object in text"],
  expired: [4401, "the token has expired"],
  revoked: [4401, "the token is not taken any more"],
  stranger: [4401, "the token is another caller's"],
  deaf: [4408, "the client does not read, or does not answer pings"],
  greedy: [4429, "too much was asked for again and again, or is held"],
} as const satisfies Readonly<Record<string, readonly [code: number, reason: string]>>;

/** One of them. */
export type Close = keyof typeof closes;
