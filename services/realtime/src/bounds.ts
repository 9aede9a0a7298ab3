// How much one socket, one caller and one process may hold.

/** What a caller may do. */
export const bounds = {
  /** Conversations of one socket. */
  conversations: 16,
  /** Frames of one socket; the rest waits. */
  frames: { perSecond: 100, burst: 200 },
  /** Frames that are refused because of these bounds; then the socket is closed. */
  strikes: { perSecond: 0.5, burst: 20 },
  /** Sockets of one caller, and of all. */
  socketsOfCaller: 200,
  sockets: 10_000,
} as const;

/** How often a client is asked whether it is there, in milliseconds. */
export const pingMs = 20_000;

/** How often tokens of open sockets are asked after, in milliseconds: they may be revoked. */
export const recheckMs = 5_000;

/** Why sockets are closed (RFC 6455, section 7.4; from 4000 on, ours). */
export const closes = {
  draining: [1001, "the gateway is going away: connect again"],
  tooLarge: [1009, "a frame is larger than `limits.turnBytes`"],
  bug: [1011, "the gateway has a bug"],
  notProtocol: [4400, "a frame is one JSON object in text"],
  expired: [4401, "the token has expired"],
  revoked: [4401, "the token is not taken any more"],
  stranger: [4401, "the token is another caller's"],
  deaf: [4408, "the client does not read, or does not answer pings"],
  greedy: [4429, "too much was asked for again and again"],
} as const satisfies Readonly<Record<string, readonly [code: number, reason: string]>>;

/** One of them. */
export type Close = keyof typeof closes;
