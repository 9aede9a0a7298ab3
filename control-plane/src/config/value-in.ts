// Takes a value from a map that is filled as it is asked.

/** The value of a key, made and kept where there is none yet. */
export function valueIn<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
