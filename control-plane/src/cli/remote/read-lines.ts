// Reads lines from a body, whatever pieces it comes in.

/** Each line without its end; a last one without an end too. */
export async function* readLines(body: AsyncIterable<unknown>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of body) {
    const lines = (rest + String(piece)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
  }
  if (rest !== "") yield rest;
}
