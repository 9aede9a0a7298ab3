// A queue with one reader that waits.

/** Holds what was posted until it is taken, in order. */
export interface Mailbox<T> {
  post(item: T): void;
  /** The oldest item; waits for one where there is none. One reader at a time. */
  take(): Promise<T>;
  /** Whether somebody waits. */
  awaited(): boolean;
}

export function mailbox<T>(): Mailbox<T> {
  const items: T[] = [];
  let reader: ((item: T) => void) | undefined;
  return {
    post(item) {
      if (reader === undefined) {
        items.push(item);
        return;
      }
      const deliver = reader;
      reader = undefined;
      deliver(item);
    },
    awaited: () => reader !== undefined,
    take() {
      const item = items.shift();
      if (item !== undefined) return Promise.resolve(item);
      return new Promise((resolve) => {
        reader = resolve;
      });
    },
  };
}
