// An agent's stream that fails before its first piece.

import type { Piece } from "../pieces.ts";

export function failing(error: Error): () => AsyncIterable<Piece> {
  return () => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
  });
}
