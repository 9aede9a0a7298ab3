// How a call begins and ends, whatever it asks for.
import type { Answer, Piece } from "./answer.ts";
import { AnswerStream } from "./answer-stream.ts";
import { beginScope, type CallScope } from "./call-scope.ts";
import { type CallOptions, type Choice, chosen, type Wire } from "./options.ts";
import { type EventSource, type Progress, readPieces } from "./read-pieces.ts";

/** A call that goes on. */
export interface Call {
  readonly choice: Choice;
  readonly scope: CallScope;
}

/** Does something that may go on as long as a call. Rejects with TypeError for senseless options. */
export async function inScope<T>(
  wire: Wire,
  options: CallOptions,
  act: (call: Call) => Promise<T>,
): Promise<T> {
  const choice = chosen(wire.defaults, options);
  const scope = beginScope(choice, wire.clock);
  try {
    return await act({ choice, scope });
  } finally {
    scope.end();
  }
}

/**
 * A stream whose events come from what `open` opens, once it is read. Throws TypeError for
 * senseless options.
 */
export function streamOf(
  wire: Wire,
  options: CallOptions,
  open: (call: Call) => Promise<EventSource>,
): AnswerStream {
  const choice = chosen(wire.defaults, options);
  return new AnswerStream((progress) => {
    const scope = beginScope(choice, wire.clock);
    return { scope, pieces: piecesOf(wire, { choice, scope }, progress, open) };
  });
}

async function* piecesOf(
  { clock }: Wire,
  call: Call,
  progress: Progress,
  open: (call: Call) => Promise<EventSource>,
): AsyncGenerator<Piece, Answer | undefined, void> {
  const { scope } = call;
  let source: EventSource | undefined;
  try {
    source = await open(call);
    return yield* readPieces(source, progress, { clock, scope });
  } finally {
    scope.end();
    source?.close();
  }
}
