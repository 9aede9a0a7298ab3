// What a client says is wrong, without the secrets that it may quote.

/** How much of a client's text is kept, in characters. */
const longest = 2000;

/** A client's text, safe to log and to show: no keys, no tokens, no end without limit. */
export function redact(text: string): string {
  return text
    .slice(0, longest)
    .replaceAll(/-----BEGIN[\s\S]*?(-----END[^-]*-----|$)/g, "(withheld)")
    .replaceAll(/[\w+/=-]{40,}/g, (run) => (/[0-9]/.test(run) ? "(withheld)" : run));
}
