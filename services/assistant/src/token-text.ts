// Turns tokens into text as they come, never splitting a character that spans several of them.

/** The text of `tokens`, given the tokens before them; U+FFFD where bytes are no character yet. */
export type Detokenize<Token> = (tokens: readonly Token[], before: readonly Token[]) => string;

/** Takes a token; gives the text that is complete with it, often one word, sometimes none. */
export type TokenText<Token> = (token: Token) => string;

/**
 * Begins a text after the tokens of `before`. A token may hold only some bytes
 * of a character; its text is then held back until the character is whole. One
 * that the text ends in the middle of never comes out.
 */
export function tokenText<Token>(
  detokenize: Detokenize<Token>,
  before: readonly Token[],
): TokenText<Token> {
  let last = before.slice(-context);
  let pending: readonly Token[] = [];
  let given = 0;
  return (token) => {
    pending = [...pending, token];
    const text = detokenize(pending, last);
    // An unfinished character shows as one U+FFFD at the end, whatever bytes of it are there
    // (https://encoding.spec.whatwg.org/#utf-8-decoder).
    if (text.endsWith(unfinished)) {
      const whole = text.slice(given, -unfinished.length);
      given += whole.length;
      return whole;
    }
    const whole = text.slice(given);
    last = [...last, ...pending].slice(-context);
    pending = [];
    given = 0;
    return whole;
  };
}

const unfinished = "\uFFFD";

/** Some tokenizers write a word differently after others; this many tell. */
const context = 3;
