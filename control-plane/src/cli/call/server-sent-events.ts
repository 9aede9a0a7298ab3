// Reads server-sent events from a body, whatever pieces it comes in.

/**
 * The data of each event (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * An event whose end never came is not given out.
 */
export async function* serverSentEvents(body: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  let data: string[] = [];
  for await (const piece of body) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.map((text) => text.replace(/\r$/, ""))) {
      if (line.startsWith("data:")) data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
      if (line !== "" || data.length === 0) continue;
      yield data.join("\n");
      data = [];
    }
  }
}
