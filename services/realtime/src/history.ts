// What the conversations of one socket remember from turn to turn: the bytes of their messages.

/** The turns so far, by the names that their caller gave the conversations. */
export interface Histories {
  /** How many conversations there are. */
  readonly size: number;
  /** How many bytes of them are remembered. */
  readonly bytes: number;
  /** The messages before the next turn, as parts of an InvokeRequest; none where it is not known. */
  messages(conversation: string): readonly Uint8Array[];
  has(conversation: string): boolean;
  /** Whether more was said in it than could be remembered. */
  isFull(conversation: string): boolean;
  /** A conversation begins, with nothing said. */
  begin(conversation: string): void;
  keep(conversation: string, messages: readonly Uint8Array[]): void;
  /** Forgets what was said in it, but not that it was. */
  fill(conversation: string): void;
  forget(conversation: string): void;
}

interface Known {
  readonly messages: readonly Uint8Array[];
  readonly isFull: boolean;
}

/** @param counted Told of each change of how many bytes are remembered. */
export function createHistories(counted: (more: number) => void): Histories {
  const known = new Map<string, Known>();
  let total = 0;
  const count = (more: number): void => {
    total += more;
    counted(more);
  };
  const drop = (conversation: string): void =>
    count(-sizeOf(known.get(conversation)?.messages ?? []));
  return {
    get size() {
      return known.size;
    },
    get bytes() {
      return total;
    },
    has: (conversation) => known.has(conversation),
    isFull: (conversation) => known.get(conversation)?.isFull ?? false,
    messages: (conversation) => known.get(conversation)?.messages ?? [],
    begin(conversation) {
      if (!known.has(conversation)) known.set(conversation, { messages: [], isFull: false });
    },
    keep(conversation, messages) {
      const before = known.get(conversation);
      // It was forgotten while its turn ran.
      if (before === undefined) return;
      count(sizeOf(messages));
      known.set(conversation, { messages: [...before.messages, ...messages], isFull: false });
    },
    fill(conversation) {
      if (!known.has(conversation)) return;
      drop(conversation);
      known.set(conversation, { messages: [], isFull: true });
    },
    forget(conversation) {
      drop(conversation);
      known.delete(conversation);
    },
  };
}

function sizeOf(messages: readonly Uint8Array[]): number {
  return messages.reduce((sum, { length }) => sum + length, 0);
}
