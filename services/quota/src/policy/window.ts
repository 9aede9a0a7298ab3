// The windows of time that are counted in: hours, days and months of UTC.

/** How long a window is. */
export type Per = "hour" | "day" | "month";

/** A window, in milliseconds since 1970; its end is the next one's beginning. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** The window that `now` is in. */
export function windowOf(per: Per, now: number): Window {
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (per) {
    case "hour": {
      const start = Date.UTC(year, month, day, date.getUTCHours());
      return { start, end: start + 3_600_000 };
    }
    case "day":
      return { start: Date.UTC(year, month, day), end: Date.UTC(year, month, day + 1) };
    case "month":
      return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
  }
}

/** The word as a window's length; undefined where it is none. */
export function perOf(word: string): Per | undefined {
  return word === "hour" || word === "day" || word === "month" ? word : undefined;
}
