// The events of an answer become its pieces, or the error that it ends in, whatever door they came by.
import { type Answer, type Piece, readUsage } from "./answer.ts";
import type { CallScope } from "./call-scope.ts";
import type { Clock } from "./clock.ts";
import { broken, Cancelled, type SmartCallError } from "./errors.ts";
import { isObject, type JsonObject, textAt } from "./json.ts";
import { readError } from "./read-refusal.ts";

/** Events as a door tells them. */
export interface EventSource {
  /** Ends with the stream; rejects where it breaks. */
  readonly events: AsyncIterator<JsonObject, void, void>;
  /** Empty where the door tells none. */
  readonly requestId: string;
  /** Nothing more of it is read. */
  close(): void;
}

/** What is known of an answer while it comes. */
export interface Progress {
  text: string;
  requestId: string;
}

/** How long the end of a stream may be awaited after its last event, in milliseconds. */
const endMs = 1_000;

/**
 * Reads an answer to its end. It is whole with `done` only: one that ends without, lacks an event
 * or goes on after its last one is broken. Heartbeats, and kinds of events that this version does
 * not know, are skipped.
 */
export async function* readPieces(
  { events, requestId }: EventSource,
  progress: Progress,
  { clock, scope }: { readonly clock: Clock; readonly scope: CallScope },
): AsyncGenerator<Piece, Answer, void> {
  const facts = () => ({ requestId, textSoFar: progress.text });
  progress.requestId = requestId;
  for (let due = 1; ; due++) {
    const event = await nextOf(events, scope, facts);
    if (event === undefined) throw broken("it has no last event", facts());
    const problem = orderProblem(event, due);
    if (problem !== undefined) throw broken(problem, facts());
    const { delta, done, error } = event;
    if (isObject(error)) throw readError(error, facts());
    if (isObject(done)) {
      if (await goesOn(events, clock)) throw broken("it went on after its last event", facts());
      const message = { role: "assistant", content: progress.text } as const;
      const callId = textAt(event, "callId");
      const finishReason = textAt(done, "finishReason");
      const usage = readUsage(done);
      return { text: progress.text, message, finishReason, usage, callId, requestId };
    }
    const text = isObject(delta) ? textAt(delta, "content") : "";
    if (text === "") continue;
    progress.text += text;
    yield { text };
  }
}

async function nextOf(
  events: AsyncIterator<JsonObject, void, void>,
  scope: CallScope,
  facts: () => { readonly requestId: string; readonly textSoFar: string },
): Promise<JsonObject | undefined> {
  try {
    const { value } = await scope.within(events.next());
    return value ?? undefined;
  } catch (thrown) {
    const ended = scope.failure(facts());
    if (ended !== undefined) throw ended;
    throw brokenBy(thrown, facts());
  }
}

/** What becomes of an answer whose door broke. */
function brokenBy(
  thrown: unknown,
  facts: { readonly requestId: string; readonly textSoFar: string },
): SmartCallError {
  if (thrown instanceof Cancelled) {
    return new Cancelled(thrown.message, { status: 499, reason: thrown.reason, ...facts });
  }
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return broken(why.replace(/\.$/, ""), { ...facts, cause: thrown });
}

function orderProblem(event: JsonObject, due: number): string | undefined {
  const came = event["sequence"];
  return came === due ? undefined : `event ${String(came)} came where ${due} was due`;
}

/** Whether something comes after the last event. A connection that is lost then takes nothing away. */
function goesOn(events: AsyncIterator<JsonObject, void, void>, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const disarm = clock.after(endMs, () => resolve(false));
    const end = (more: boolean): void => {
      disarm();
      resolve(more);
    };
    events.next().then(
      ({ done }) => end(done !== true),
      () => end(false),
    );
  });
}
