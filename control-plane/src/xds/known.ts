// What is remembered of the last of many, such as addresses, so that no flood of them fills memory.

/** One thing for each key, made when it is first asked for; beyond a number the oldest is forgotten. */
export interface Known<T> {
  of(key: string): T;
  has(key: string): boolean;
}

/** @param most how many are remembered */
export function createKnown<T>(most: number, make: () => T): Known<T> {
  const all = new Map<string, T>();
  return {
    of(key) {
      const found = all.get(key) ?? make();
      // The one that was asked for last is the newest.
      all.delete(key);
      all.set(key, found);
      for (const oldest of all.keys()) {
        if (all.size <= most) break;
        all.delete(oldest);
      }
      return found;
    },
    has: (key) => all.has(key),
  };
}
