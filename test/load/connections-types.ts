// What a process of many connections is asked for, and what it tells.

/** How one connects: HTTP/1.1 with JSON, HTTP/2 with the same, or a WebSocket. */
export type LineKind = "http1" | "http2" | "socket";

/** Where all connections of one process go. */
export interface LinesTo {
  readonly kind: LineKind;
  /** The edge's, on 127.0.0.1. */
  readonly port: number;
  /** The certificate of the mesh's authority, PEM. */
  readonly ca: string;
  readonly agent: string;
  /** Each connection has one of them, in turn. */
  readonly tokens: readonly string[];
  /** The loopback addresses that they come from, in turn: each has 28,000 ports, as Linux is set up. */
  readonly from: readonly string[];
}

/** What is to be done. */
export type Order =
  /** Opens so many more connections, at most so many a second. */
  | { readonly do: "open"; readonly count: number; readonly perSecond: number }
  /** Asks so many times, each time on the next connection, with so many calls in flight. */
  | { readonly do: "use"; readonly calls: number; readonly inFlight: number; readonly ask: string }
  /** Asks so many times on each connection, all of them at once. */
  | { readonly do: "all"; readonly each: number; readonly ask: string }
  /** Tells how many of those that were opened are open. */
  | { readonly do: "count" };

/** What came of it. */
export interface Done {
  /** Connections opened, calls answered, or connections that are open. */
  readonly right: number;
  /** Calls that were refused by 503 with `retry-after`, by the reason that was told. */
  readonly refused: Readonly<Record<string, number>>;
  /** All that failed otherwise. */
  readonly failed: number;
  /** The first of those, as sentences. */
  readonly problems: readonly string[];
}

/** One connection. */
export interface Line {
  /** Throws where it is neither answered as it should be nor refused with `retry-after`. */
  call(ask: string): Promise<Reply>;
  isOpen(): boolean;
}

/** How a call was answered: rightly by 200, or by 503 with `retry-after`. */
export interface Reply {
  readonly status: 200 | 503;
  /** Why it was refused. */
  readonly reason?: string;
}

/** Opens a connection; resolves once the edge has answered on it. */
export type OpenLine = (number: number) => Promise<Line>;

/** The sum of several. */
export function together(all: readonly Done[]): Done {
  const sum = (of: (one: Done) => number): number => all.reduce((so, one) => so + of(one), 0);
  return {
    right: sum(({ right }) => right),
    refused: counts(all.flatMap(({ refused }) => Object.entries(refused))),
    failed: sum(({ failed }) => failed),
    problems: all.flatMap(({ problems }) => problems),
  };
}

function counts(all: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [name, count] of all) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}
