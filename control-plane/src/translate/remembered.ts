// Keeps what was made of unchanged parts of a mesh, so that a small edit of a large one is small work.

/** Values by a key that says all that they are made of. */
export interface Remembered<Value> {
  /** The value of a key, made if it was not asked for in this round or the one before. */
  of(key: string, make: () => Value): Value;
  /** Begins a round: what the last one did not ask for is forgotten. */
  begin(): void;
}

/**
 * An empty memory.
 *
 * @param most a round ends by itself when so many were asked for in it
 */
export function remembered<Value>(most = Number.POSITIVE_INFINITY): Remembered<Value> {
  let last = new Map<string, Value>();
  let present = new Map<string, Value>();
  const begin = (): void => {
    last = present;
    present = new Map();
  };
  return {
    of: (key, make) => {
      const value = present.get(key) ?? last.get(key) ?? make();
      if (present.size >= most) begin();
      present.set(key, value);
      return value;
    },
    begin,
  };
}
