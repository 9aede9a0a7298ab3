// What has come of a streamed answer, event by event, and whether it is whole. k6 and our own clients take it from here.
import { numberAt, textAt, valueAt } from "../harness/json.ts";

/** What has come so far. */
export interface Heard {
  /** Milliseconds from the ask to the first event; 0 before it. */
  readonly firstMs: number;
  /** Milliseconds from the ask to the event that came last. */
  readonly lastMs: number;
  /** The longest silence between two events, in milliseconds. */
  readonly silenceMs: number;
  /** Pieces of text. */
  readonly pieces: number;
  readonly text: string;
  /** The sequence of the event that came last. */
  readonly sequence: number;
  /** Whether it has ended with `done`, after events without a gap. */
  readonly whole: boolean;
  /** What is wrong with it; the first that was. */
  readonly wrong?: string;
}

export const nothingHeard: Heard = {
  firstMs: 0,
  lastMs: 0,
  silenceMs: 0,
  pieces: 0,
  text: "",
  sequence: 0,
  whole: false,
};

/** What has come with one more event, as JSON, so many milliseconds after the ask. */
export function hear(heard: Heard, event: unknown, ms: number): Heard {
  const sequence = numberAt(event, "sequence");
  const first = heard.sequence === 0;
  const next: Heard = {
    ...heard,
    sequence,
    firstMs: first ? ms : heard.firstMs,
    lastMs: ms,
    silenceMs: first ? 0 : Math.max(heard.silenceMs, ms - heard.lastMs),
  };
  const wrong = wrongOf(heard, event, sequence);
  if (wrong !== undefined) return { ...next, whole: false, wrong };
  if (valueAt(event, "done") !== undefined) return { ...next, whole: true };
  if (valueAt(event, "delta") === undefined) return next;
  const text = heard.text + textAt(event, "delta", "content");
  return { ...next, pieces: heard.pieces + 1, text };
}

function wrongOf(heard: Heard, event: unknown, sequence: number): string | undefined {
  if (heard.wrong !== undefined) return heard.wrong;
  if (heard.whole) return "an event came after the last one";
  if (sequence !== heard.sequence + 1) return `event ${sequence} came after ${heard.sequence}`;
  const error = valueAt(event, "error");
  return error === undefined ? undefined : `it ended with ${JSON.stringify(error)}`;
}
