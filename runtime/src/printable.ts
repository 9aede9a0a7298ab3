// Text of others, as it may be shown on a terminal.

/**
 * Control characters, spaces of every kind but the usual one, what turns the direction of
 * writing, and what has no width. Not what joins letters: whole scripts need it.
 */
const unseen = /(?! )[\p{Cc}\p{Z}\p{Bidi_Control}\u200b\u2060\ufeff]/gu;

/**
 * The text with `·` for each character that could steer the terminal, or that a reader
 * takes for a space or for nothing, so that it is as long as before.
 */
export function printable(text: string): string {
  return text.replace(unseen, "·");
}
