// Sets of names that many nodes ask for alike, kept once.

/** How many sets are remembered, the newest first. */
const mostSets = 4;

let known: readonly ReadonlySet<string>[] = [];

/** The same names; those that another node asked for lately are the very same set. */
export function sharedNames(names: ReadonlySet<string>): ReadonlySet<string> {
  if (names.size < 2) return names;
  const same = known.find((each) => isSame(each, names));
  known = [same ?? names, ...known.filter((each) => each !== same)].slice(0, mostSets);
  return same ?? names;
}

/** In the same order as well, for in that order they are told. */
function isSame(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  if (some.size !== others.size) return false;
  const rest = others.values();
  for (const name of some) if (rest.next().value !== name) return false;
  return true;
}
