// An answer as it comes.
import type { Answer, Piece } from "./answer.ts";
import type { CallScope } from "./call-scope.ts";
import type { Progress } from "./read-pieces.ts";

/** How a stream is read. */
export interface Reading {
  readonly pieces: AsyncGenerator<Piece, Answer | undefined, void>;
  readonly scope: CallScope;
}

/**
 * An answer as it comes: `for await (const piece of stream)`, once. The call begins when the
 * first piece is asked for, and goes no faster than pieces are taken. Leaving the loop cancels it.
 */
export class AnswerStream implements AsyncIterable<Piece> {
  readonly #begin: (progress: Progress) => Reading;
  readonly #progress: Progress = { text: "", requestId: "" };
  #reading: Reading | undefined;
  #answer: Answer | undefined;
  #cancelled = false;

  /** Made by `stream` and `ask`. */
  constructor(begin: (progress: Progress) => Reading) {
    this.#begin = begin;
  }

  /** What has come so far. */
  get text(): string {
    return this.#progress.text;
  }

  /** By which operators find the call; empty before its first event, and in conversations. */
  get requestId(): string {
    return this.#progress.requestId;
  }

  /** The whole answer, once all its pieces were read. Throws Error before. */
  get answer(): Answer {
    if (this.#answer !== undefined) return this.#answer;
    throw new Error("The answer is not whole: read all pieces of the stream first.");
  }

  /** Ends the call, here and at the agent; who waits for a piece gets Cancelled. */
  cancel(): void {
    this.#cancelled = true;
    this.#reading?.scope.cancel();
  }

  [Symbol.asyncIterator](): AsyncIterator<Piece, void, void> {
    if (this.#reading !== undefined) {
      throw new TypeError("A stream can be read once: ask again for another.");
    }
    const reading = this.#begin(this.#progress);
    this.#reading = reading;
    if (this.#cancelled) reading.scope.cancel();
    const { pieces, scope } = reading;
    return {
      next: async () => {
        const { done, value } = await pieces.next();
        if (done !== true) return { done: false, value };
        // Asked once more after its end, it has no value.
        this.#answer ??= value;
        return { done: true, value: undefined };
      },
      return: async () => {
        scope.cancel();
        scope.end();
        await pieces.return(undefined);
        return { done: true, value: undefined };
      },
    };
  }
}
