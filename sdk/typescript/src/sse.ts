// Server-sent events, as they come (https://html.spec.whatwg.org/multipage/server-sent-events.html).

/** The bytes of a body, piece by piece. */
export interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
}

/** An event that is longer than this is none, in characters. */
export const longestEvent = 16 * 1024 * 1024;

/** Finds the data of events in a text that comes in pieces. */
export interface EventParser {
  /** The data of the events that this piece ends. Throws RangeError for one that is too long. */
  push(text: string): readonly string[];
}

/**
 * The data of each event, no faster than it is taken. What comes after the last whole event is
 * none, so it is left out.
 */
export async function* readEventData(body: ByteReader): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  const parser = createEventParser();
  for (;;) {
    const { done, value } = await body.read();
    if (done) return;
    yield* parser.push(decoder.decode(value, { stream: true }));
  }
}

/** A parser at the beginning of a body. Fields but `data` are skipped, as are comments. */
export function createEventParser(): EventParser {
  // Pieces of a line that has not ended; joined once it has.
  let line: string[] = [];
  let data: string[] = [];
  let length = 0;
  let wasReturn = false;

  const endLine = (text: string, events: string[]): void => {
    line.push(text);
    const whole = line.join("");
    line = [];
    if (whole === "") {
      if (data.length > 0) events.push(data.join("\n"));
      data = [];
      length = 0;
      return;
    }
    const colon = whole.indexOf(":");
    const field = colon < 0 ? whole : whole.slice(0, colon);
    const value = colon < 0 ? "" : whole.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
  };

  return {
    push(text) {
      const events: string[] = [];
      // The second half of a line's end that the piece before has cut.
      let from = wasReturn && text.startsWith("\n") ? 1 : 0;
      if (text !== "") wasReturn = text.endsWith("\r");
      const ends = /\r\n|\r|\n/g;
      ends.lastIndex = from;
      for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
        endLine(text.slice(from, end.index), events);
        from = ends.lastIndex;
      }
      const rest = text.slice(from);
      line.push(rest);
      length += text.length;
      if (events.length > 0) length = rest.length;
      if (length > longestEvent) throw new RangeError("an event is longer than 16 MiB");
      return events;
    },
  };
}
