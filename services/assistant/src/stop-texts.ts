// Ends a text where the first of some texts would appear, without ever letting a part of that text out.

/** Looks for the stop texts in a text that comes in pieces. */
export interface StopTexts {
  /** Takes the next piece; gives what may go out, and whether a stop text was met. */
  add(piece: string): { readonly text: string; readonly stopped: boolean };
  /** What was held back, once no more pieces come. */
  rest(): string;
}

/**
 * Watches for `stops` (empty ones never match). What could be the beginning of
 * one is held back until it is known whether it is.
 */
export function watchForStops(stops: readonly string[]): StopTexts {
  const wanted = stops.filter((stop) => stop !== "");
  let held = "";
  return {
    add(piece) {
      held += piece;
      const at = firstIndex(held, wanted);
      if (at !== undefined) {
        const text = held.slice(0, at);
        held = "";
        return { text, stopped: true };
      }
      const safe = held.length - longestBeginning(held, wanted);
      const text = held.slice(0, safe);
      held = held.slice(safe);
      return { text, stopped: false };
    },
    rest() {
      const text = held;
      held = "";
      return text;
    },
  };
}

function firstIndex(text: string, stops: readonly string[]): number | undefined {
  const found = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** How much of the end of `text` could be the beginning of a stop text. */
function longestBeginning(text: string, stops: readonly string[]): number {
  const longest = Math.max(0, ...stops.map((stop) => stop.length - 1));
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(-length);
    if (stops.some((stop) => stop.startsWith(end))) return length;
  }
  return 0;
}
