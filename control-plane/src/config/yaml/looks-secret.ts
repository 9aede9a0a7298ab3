// Knows the look of secrets, so that none is taken from a file or printed.

/** Whether a text has the look of a private key, a token, or a provider's key. */
export function looksSecret(text: string): boolean {
  return text.length >= 20 && shapes.some((shape) => shape.test(text));
}

/** A line of a file with all that could be a secret starred out; its length stays. */
export function starred(line: string): string {
  return without(line, onALine);
}

/** Words with all that could be a secret starred out, also one whose letters were made small. */
export function hidden(words: string): string {
  return words.length < shortest ? words : without(words, inWords);
}

function without(text: string, some: readonly RegExp[]): string {
  return some.reduce(
    (left, shape) =>
      left.replace(shape, (found: string, ...rest: unknown[]) => {
        const kept = typeof rest[0] === "string" ? rest[0] : "";
        return kept + "*".repeat(found.length - kept.length);
      }),
    text,
  );
}

/** No secret is shorter. */
const shortest = 8;

const shapes = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  // A signed JSON Web Token: a JSON object in base64url begins with eyJ.
  /\beyJ[\w-]{10,}\.eyJ[\w-]+\.[\w-]+/,
  // Keys of model providers, clouds, code hosts and chat services, by their published prefixes.
  /\bsk-[\w-]{20,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bAIza[\w-]{35}/,
  /\bgh[pousr]_\w{30,}/,
  /\bhf_\w{30,}/,
  /\bxox[abpr]-[\w-]{20,}/,
];

/** A name and a password in a URL. */
const userInfo = /(:\/\/)[^\s/@"']*@/g;

const inWords = [...shapes.map((shape) => new RegExp(shape, "gi")), userInfo];

/** More than the shapes: what need not be a secret, but is not worth the risk when a line is shown. */
const onALine = [
  ...inWords,
  /(\b(?:key|password|secret)["']?:\s+)(?![{[&*|>])[^,}]+/gi,
  // A line of a PEM file; a long path is none.
  /(?=[a-z0-9+/]*[A-Z])(?=[A-Z0-9+/]*[a-z])(?=[A-Za-z+/]*\d)[A-Za-z0-9+/]{48,}={0,2}/g,
];
