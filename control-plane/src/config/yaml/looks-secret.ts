// Knows the look of secrets, so that none is taken from a file or printed.

/** Whether a text has the look of a private key, a token, or a provider's key. */
export function looksSecret(text: string): boolean {
  return text.length >= 20 && shapes.some((shape) => shape.test(text));
}

/** A line with all that could be a secret starred out; its length stays. */
export function starred(line: string): string {
  return [...shapes, ...onALine].reduce(
    (text, shape) =>
      text.replace(new RegExp(shape, `${shape.flags}g`), (found: string, ...rest: unknown[]) => {
        const kept = typeof rest[0] === "string" ? rest[0] : "";
        return kept + "*".repeat(found.length - kept.length);
      }),
    line,
  );
}

/** What need not be a secret, but is not worth the risk when a line is shown. */
const onALine = [
  // A name and a password in a URL.
  /(:\/\/)[^\s/@"']*@/,
  /(\b(?:key|password|secret)["']?:\s+)(?![{[&*|>])[^,}]+/i,
  // A line of a PEM file.
  /[A-Za-z0-9+/]{48,}={0,2}/,
];

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
