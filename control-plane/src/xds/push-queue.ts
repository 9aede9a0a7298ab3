// Which streams are still to be pushed to: each once, however often the view changes.

/** How many streams are pushed to before waiting requests, such as ACKs, are read. */
const batch = 25;

/** Streams that wait for a push. */
export interface PushQueue<S> {
  /** Adds a stream; one that waits already costs nothing more. */
  add(stream: S): void;
  /** Forgets a stream. */
  remove(stream: S): void;
  /** How many wait. */
  size(): number;
}

/**
 * A queue of streams.
 *
 * @param defer runs something after the requests that have already come, such as `setImmediate`
 */
export function createPushQueue<S>(
  push: (stream: S) => void,
  defer: (run: () => void) => void,
): PushQueue<S> {
  const waiting = new Set<S>();
  let deferred = false;
  const later = (): void => {
    if (deferred || waiting.size === 0) return;
    deferred = true;
    defer(() => {
      deferred = false;
      for (const stream of [...waiting].slice(0, batch)) {
        waiting.delete(stream);
        push(stream);
      }
      later();
    });
  };
  return {
    add: (stream) => {
      waiting.add(stream);
      later();
    },
    remove: (stream) => {
      waiting.delete(stream);
    },
    size: () => waiting.size,
  };
}
