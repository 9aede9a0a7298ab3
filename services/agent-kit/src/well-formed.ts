// Keeps text whole: a character that needs two UTF-16 units is never split.

/** The text with every lone surrogate replaced by U+FFFD; UTF-8 has no bytes for one. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

/** Text that comes in parts. */
export interface TextJoin {
  /** The text that is whole so far; a first half of a character waits for its second. */
  push(text: string): string;
  /** What still waited, as U+FFFD; "" where nothing did. */
  end(): string;
}

export function textJoin(): TextJoin {
  let half = "";
  return {
    push(text) {
      const whole = half + text;
      const last = whole.charCodeAt(whole.length - 1);
      const splits = last >= 0xd800 && last <= 0xdbff;
      half = splits ? whole.slice(-1) : "";
      return wellFormed(splits ? whole.slice(0, -1) : whole);
    },
    end() {
      const rest = wellFormed(half);
      half = "";
      return rest;
    },
  };
}
