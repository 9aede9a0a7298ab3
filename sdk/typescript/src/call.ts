// How a call begins and ends, whatever it asks for.
import type { Answer, Piece } from "./answer.ts";
import { AnswerStream } from "./answer-stream.ts";
import { beginScope, type CallScope } from "./call-scope.ts";
import { type CallOptions, chosen, type Wire } from "./options.ts";
import { type EventSource, type Progress, readPieces } from "./read-pieces.ts";

/** Does something that may go on as long as a call. */
export async function inScope<T>(
  wire: Wire,
  options: CallOptions,
  act: (scope: CallScope) => Promise<T>,
): Promise<T> {
  const { timeoutMs } = chosen(wire, options);
  const scope = beginScope({ timeoutMs, signal: options.signal }, wire.clock);
  try {
    return await act(scope);
  } finally {
    scope.end();
  }
}

/** A stream whose events come from what `open` opens, once it is read. */
export function streamOf(
  wire: Wire,
  options: CallOptions,
  open: (scope: CallScope) => Promise<EventSource>,
): AnswerStream {
  const { timeoutMs } = chosen(wire, options);
  return new AnswerStream((progress) => {
    const scope = beginScope({ timeoutMs, signal: options.signal }, wire.clock);
    return { scope, pieces: piecesOf(wire, scope, progress, open) };
  });
}

async function* piecesOf(
  { clock }: Wire,
  scope: CallScope,
  progress: Progress,
  open: (scope: CallScope) => Promise<EventSource>,
): AsyncGenerator<Piece, Answer | undefined, void> {
  let source: EventSource | undefined;
  try {
    source = await open(scope);
    return yield* readPieces(source, progress, { clock, scope });
  } finally {
    scope.end();
    source?.close();
  }
}
