// Turns the library's nodes into a tree: aliases shared, merges done, keys unique.

import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { Origin } from "../../source/origin.ts";
import { placeOf, problem, type Report } from "../problem.ts";
import { looksSecret } from "./looks-secret.ts";
import type { Entry, Mapping, Scalar, Tree } from "./tree.ts";

/** How much a document may hold. */
export interface Limits {
  readonly depth: number;
  /** Values, each alias counted as all that it stands for. */
  readonly values: number;
}

/** The tree of `root`, or nothing when it is larger than the limits. */
export function buildTree(
  root: Node,
  at: (offset: number) => Origin,
  report: Report,
  limits: Limits,
): Tree | undefined {
  const anchors = new Map<string, Built>();
  let tooLarge = false;
  const whole = build(root, 1);
  return tooLarge ? undefined : whole.tree;

  function build(node: unknown, depth: number): Built {
    const place = at(startOf(node));
    if (tooLarge) {
      return nothing(place);
    }
    if (depth > limits.depth) {
      tooLarge = true;
      report(problem("SC111", place, { limit: String(limits.depth) }));
      return nothing(place);
    }
    const built = isAlias(node) ? aliased(node.source, place) : composed(node, place, depth);
    if (built.size > limits.values && !tooLarge) {
      tooLarge = true;
      report(problem("SC106", place, { limit: limits.values.toLocaleString("en") }));
    }
    return built;
  }

  function aliased(name: string, place: Origin): Built {
    const found = anchors.get(name);
    if (found === undefined) {
      report(problem("SC105", place, { name }));
      return nothing(place);
    }
    return found;
  }

  function composed(node: unknown, place: Origin, depth: number): Built {
    let built: Built;
    if (isMap(node)) {
      built = mapping(node, place, depth);
    } else if (isSeq(node)) {
      const items = node.items.map((item) => build(item, depth + 1));
      built = {
        tree: { kind: "sequence", items: items.map((item) => item.tree), at: place },
        size: items.reduce((sum, item) => sum + item.size, 1),
      };
    } else {
      built = { tree: scalar(node, place, report), size: 1 };
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
      anchors.set(node.anchor, built);
    }
    return built;
  }

  function mapping(node: YAMLMap, place: Origin, depth: number): Built {
    const entries = new Map<string, Entry>();
    const merged: Mapping[] = [];
    let size = 1;
    for (const pair of node.items) {
      const key = keyOf(pair);
      const keyAt = at(startOf(pair.key));
      const value = build(pair.value, depth + 1);
      size += value.size;
      if (key === undefined) {
        report(problem("SC110", keyAt, {}));
      } else if (isMerge(pair)) {
        merged.push(...mergeable(value.tree, keyAt, report));
      } else {
        const earlier = entries.get(key);
        if (earlier !== undefined) {
          report(problem("SC102", keyAt, { key, first: placeOf(earlier.at, keyAt) }));
        } else {
          // A key without a value has no place of its own for it.
          const isBare = value.tree.kind === "scalar" && value.tree.source === "";
          entries.set(key, {
            at: keyAt,
            value: isBare ? { ...value.tree, at: keyAt } : value.tree,
          });
        }
      }
    }
    for (const source of merged) {
      for (const [key, entry] of source.entries) {
        if (!entries.has(key)) {
          entries.set(key, entry);
        }
      }
    }
    return { tree: { kind: "mapping", entries, at: place }, size };
  }
}

interface Built {
  readonly tree: Tree;
  /** How many values it stands for. */
  readonly size: number;
}

function nothing(at: Origin): Built {
  return { tree: { kind: "scalar", value: null, source: "", at }, size: 1 };
}

function scalar(node: unknown, at: Origin, report: Report): Scalar {
  const value: unknown = isScalar(node) ? node.value : null;
  const known =
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "bigint" ||
    typeof value === "boolean";
  if (typeof value === "string" && looksSecret(value)) {
    report(problem("SC601", at, {}));
  }
  const source = isScalar(node) && typeof node.source === "string" ? node.source : "";
  return { kind: "scalar", value: known ? value : null, source, at };
}

function keyOf(pair: Pair): string | undefined {
  const { key } = pair;
  if (!isScalar(key)) {
    return undefined;
  }
  return typeof key.source === "string" ? key.source : String(key.value);
}

function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.source === "<<" && pair.key.type === "PLAIN";
}

function mergeable(tree: Tree, at: Origin, report: Report): readonly Mapping[] {
  const parts = tree.kind === "sequence" ? tree.items : [tree];
  const mappings = parts.filter((part) => part.kind === "mapping");
  if (mappings.length < parts.length) {
    report(problem("SC108", at, {}));
  }
  return mappings;
}

function startOf(node: unknown): number {
  const range = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range : null;
  return range?.[0] ?? 0;
}
