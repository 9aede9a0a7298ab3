// Finds where bytes cease to be UTF-8.

/** Line and column, from 1, of the first byte that is not UTF-8, as an editor shows them. */
export function endOfText(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  // What is not UTF-8 is decoded to U+FFFD, so encoded again it differs where it begins.
  const again = new TextEncoder().encode(
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
  );
  const end = bytes.findIndex((byte, at) => byte !== again[at]);
  // A character that was only begun is held back, for more might come.
  const text = new TextDecoder().decode(bytes.subarray(0, end), { stream: true });
  const lines = text.split(/\r\n|\n|\r/);
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}
