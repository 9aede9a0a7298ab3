// What the conversations of one socket remember from turn to turn.

import type { JsonObject } from "@bufbuild/protobuf";

/** The turns so far, by the names that their caller gave the conversations. */
export interface Histories {
  /** How many conversations there are. */
  readonly size: number;
  /** The messages before the next turn; empty for one that is not known. */
  messages(conversation: string): readonly JsonObject[];
  has(conversation: string): boolean;
  /** Whether so much more may be remembered. */
  hasRoom(bytes: number): boolean;
  /** A conversation begins, with nothing said. */
  begin(conversation: string): void;
  keep(conversation: string, messages: readonly JsonObject[]): void;
  forget(conversation: string): void;
}

/** @param mostBytes The most that all of them may hold together, as JSON. */
export function createHistories(mostBytes: number): Histories {
  const known = new Map<string, { messages: readonly JsonObject[]; bytes: number }>();
  let total = 0;
  return {
    get size() {
      return known.size;
    },
    has: (conversation) => known.has(conversation),
    messages: (conversation) => known.get(conversation)?.messages ?? [],
    hasRoom: (bytes) => total + bytes <= mostBytes,
    begin(conversation) {
      if (!known.has(conversation)) known.set(conversation, { messages: [], bytes: 0 });
    },
    keep(conversation, messages) {
      const before = known.get(conversation);
      // It was forgotten while its turn ran.
      if (before === undefined) return;
      const bytes = messages.reduce((sum, each) => sum + sizeOf(each), 0);
      total += bytes;
      known.set(conversation, {
        messages: [...before.messages, ...messages],
        bytes: before.bytes + bytes,
      });
    },
    forget(conversation) {
      total -= known.get(conversation)?.bytes ?? 0;
      known.delete(conversation);
    },
  };
}

/** In bytes, as JSON. */
export function sizeOf(message: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(message));
}
