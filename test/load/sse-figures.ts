// What streams by server-sent events came to, as figures.
import { percentile } from "../harness/percentile.ts";
import { counted, milliseconds } from "./amounts.ts";
import type { Beside } from "./k6-scenario.ts";
import type { Figure } from "./scenario.ts";
import type { SseResult } from "./sse-client.ts";

/** What they are held to, in milliseconds at P95. */
export interface SseLimits {
  readonly firstMs: number;
  /** From the ask to the last event, for each token; only told where it is not said. */
  readonly tokenMs?: number;
}

/** So many failures are told by themselves. */
const told = 5;

/** The figures, and a line for each of the first that failed. */
export function sseFigures({ begun, whole, failures }: SseResult, limits: SseLimits): Beside {
  const first = whole.map(({ firstMs }) => firstMs);
  const token = whole.map(({ lastMs, tokens }) => lastMs / tokens);
  const silence = whole.map(({ silenceMs }) => silenceMs);
  const held = (what: string, values: readonly number[], limit: number | undefined): Figure => ({
    what: `${what} by SSE, P95`,
    is: milliseconds(percentile(values, 0.95)),
    ...(limit !== undefined && {
      asked: `under ${milliseconds(limit)}`,
      met: percentile(values, 0.95) < limit,
    }),
  });
  return {
    figures: [
      {
        what: "streams by SSE that were whole",
        is: `${counted(whole.length)} of ${counted(begun)}`,
        asked: "all",
        met: begun > 0 && whole.length === begun,
      },
      held("first event", first, limits.firstMs),
      { what: "first event by SSE, median", is: milliseconds(percentile(first, 0.5)) },
      held("time of a token", token, limits.tokenMs),
      {
        what: "longest silence in a stream by SSE, P95",
        is: milliseconds(percentile(silence, 0.95)),
      },
    ],
    failures: failures.slice(0, told).map((line) => `a stream by SSE: ${line}`),
  };
}
