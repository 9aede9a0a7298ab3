// Reads a streamed answer event by event, and notes when each came.
import type { IncomingMessage } from "node:http";
import type { Mesh } from "./mesh.ts";
import { openRest, type RestRequest } from "./rest.ts";

/** One event of a stream. */
export interface TimedEvent {
  readonly event: unknown;
  /** Milliseconds since the request was sent. */
  readonly atMs: number;
}

/** A streamed answer that is under way. */
export interface OpenStream {
  readonly status: number;
  readonly contentType: string;
  readonly events: AsyncIterable<TimedEvent>;
  /** Hangs up, as a client does that has heard enough. */
  hangUp(): void;
}

/** Opens a stream over REST; throws where the connection cannot be made. */
export async function openEvents(
  mesh: Pick<Mesh, "url" | "ca">,
  call: RestRequest,
): Promise<OpenStream> {
  const begin = performance.now();
  const response = await openRest(mesh, call);
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers["content-type"] ?? "",
    events: read(response, begin),
    hangUp: () => response.destroy(),
  };
}

/** Reads a stream to its end. Throws where it breaks. */
export async function allEvents(mesh: Mesh, call: RestRequest): Promise<readonly TimedEvent[]> {
  const { events } = await openEvents(mesh, call);
  const all: TimedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Server-sent events: `data:` lines, a blank line after each. */
async function* read(response: IncomingMessage, begin: number): AsyncGenerator<TimedEvent> {
  response.setEncoding("utf8");
  let rest = "";
  for await (const chunk of response) {
    const blocks = (rest + String(chunk)).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = /^data: ?(.*)$/m.exec(block)?.[1];
      if (data === undefined) throw new Error(`not a server-sent event: ${block}`);
      yield { event: JSON.parse(data), atMs: performance.now() - begin };
    }
  }
  if (rest.trim() !== "") throw new Error(`the stream ended within an event: ${rest}`);
}
