// What a client holds, told by what it differs in from what all hold.
//
// A thousand nodes hold the same thousand versions: each keeps only what is its
// own, and what has changed since is worked out once for all of them.

import type { Resource } from "../snapshot/snapshot.ts";

/** Versions by name; `undefined` in `own` is a name that only the others hold. */
class Held implements ReadonlyMap<string, string> {
  readonly base: Versions;
  readonly own: ReadonlyMap<string, string | undefined>;
  readonly size: number;

  constructor(base: Versions, own: ReadonlyMap<string, string | undefined>) {
    this.base = base;
    this.own = own;
    let size = base.size;
    for (const [name, version] of own) {
      size += Number(version !== undefined) - Number(base.has(name));
    }
    this.size = size;
  }

  get(name: string): string | undefined {
    return this.own.has(name) ? this.own.get(name) : this.base.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  *[Symbol.iterator](): MapIterator<[string, string]> {
    for (const [name, version] of this.base) if (!this.own.has(name)) yield [name, version];
    for (const [name, version] of this.own) if (version !== undefined) yield [name, version];
  }

  entries(): MapIterator<[string, string]> {
    return this[Symbol.iterator]();
  }

  *keys(): MapIterator<string> {
    for (const [name] of this) yield name;
  }

  *values(): MapIterator<string> {
    for (const [, version] of this) yield version;
  }

  forEach(each: (version: string, name: string, of: ReadonlyMap<string, string>) => void): void {
    for (const [name, version] of this) each(version, name, this);
  }
}

type Versions = ReadonlyMap<string, string>;
type Resources = ReadonlyMap<string, Resource>;

/** The versions held after some were taken, and others given up. */
export function heldAfter(
  held: Versions,
  taken: Iterable<readonly [string, string]>,
  gone: Iterable<string>,
): Versions {
  if (!(held instanceof Held)) {
    const next = new Map(held);
    for (const [name, version] of taken) next.set(name, version);
    for (const name of gone) next.delete(name);
    return next;
  }
  const own = new Map(held.own);
  for (const [name, version] of taken) own.set(name, version);
  for (const name of gone) own.set(name, undefined);
  return new Held(held.base, own);
}

/** The same versions, told by what they differ in from the resources, where that is little. */
export function heldBeside(held: Versions, resources: Resources): Versions {
  const base = versionsOf(resources);
  if (held instanceof Held && held.base === base && held.own.size === 0) return held;
  if (!(held instanceof Held) && held.size * 2 < base.size) return held;
  const own = new Map<string, string | undefined>();
  for (const name of mayDiffer(held, resources)) {
    const version = held.get(name);
    if (version !== base.get(name)) own.set(name, version);
  }
  return own.size * 8 > base.size ? held : new Held(base, own);
}

/** Every name of which the version held, if any, is not that of the resources; and maybe others. */
export function mayDiffer(held: Versions, resources: Resources): Iterable<string> {
  if (!(held instanceof Held)) return new Set([...resources.keys(), ...held.keys()]);
  const changed = changes(held.base, resources);
  return held.own.size === 0 ? changed : new Set([...changed, ...held.own.keys()]);
}

/** Whether `mayDiffer` is known without a look at each name. */
export function knowsDifferences(held: Versions): boolean {
  return held instanceof Held;
}

const versionsByResources = new WeakMap<Resources, Versions>();

function versionsOf(resources: Resources): Versions {
  const known = versionsByResources.get(resources);
  if (known !== undefined) return known;
  const versions = new Map([...resources].map(([name, { version }]) => [name, version]));
  versionsByResources.set(resources, versions);
  return versions;
}

const changesByVersions = new WeakMap<Versions, WeakMap<Resources, readonly string[]>>();

/** Names in either of which the versions are not the same, in the order of the resources. */
function changes(base: Versions, resources: Resources): readonly string[] {
  const known = changesByVersions.get(base) ?? new WeakMap<Resources, readonly string[]>();
  changesByVersions.set(base, known);
  const found = known.get(resources) ?? differing(base, resources);
  known.set(resources, found);
  return found;
}

function differing(base: Versions, resources: Resources): readonly string[] {
  const names: string[] = [];
  for (const [name, { version }] of resources) if (base.get(name) !== version) names.push(name);
  for (const name of base.keys()) if (!resources.has(name)) names.push(name);
  return names;
}
