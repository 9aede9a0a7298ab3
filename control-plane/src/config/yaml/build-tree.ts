// Turns the library's nodes into a tree: aliases shared, merges done, keys unique.

import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import type { Origin } from "../../source/origin.ts";
import type { Diagnostic } from "../diagnostic.ts";
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
    return anchors.get(name) ?? refused(problem("SC105", place, { name }));
  }

  function refused(why: Diagnostic): Built {
    report(why);
    return { tree: { kind: "unreadable", at: why.at, why }, size: 1 };
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
      const tree = scalar(node, place);
      const isSecret = typeof tree.value === "string" && looksSecret(tree.value);
      built = isSecret ? refused(problem("SC601", place, {})) : { tree, size: 1 };
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
      anchors.set(node.anchor, built);
    }
    return built;
  }

  function mapping(node: YAMLMap, place: Origin, depth: number): Built {
    const entries = new Map<string, Entry>();
    const merged: Mapping[] = [];
    let lost: Diagnostic | undefined;
    let size = 1;
    const lose = (why: Diagnostic): void => {
      lost = why;
      report(why);
    };
    for (const pair of node.items) {
      const key = keyOf(pair);
      const keyAt = at(startOf(pair.key));
      const value = build(pair.value, depth + 1);
      size += value.size;
      if (key === undefined) {
        lose(problem("SC110", keyAt, {}));
      } else if (looksSecret(key)) {
        lose(problem("SC601", keyAt, {}));
      } else if (isMerge(pair)) {
        for (const part of value.tree.kind === "sequence" ? value.tree.items : [value.tree]) {
          if (part.kind === "mapping") merged.push(part);
          else lose(part.kind === "unreadable" ? part.why : problem("SC108", keyAt, {}));
        }
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
      lost ??= source.lost;
      for (const [key, entry] of source.entries) {
        if (!entries.has(key)) {
          entries.set(key, entry);
        }
      }
    }
    const tree: Mapping = { kind: "mapping", entries, at: place };
    return { tree: lost === undefined ? tree : { ...tree, lost }, size };
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

function scalar(node: unknown, at: Origin): Scalar {
  const value: unknown = isScalar(node) ? node.value : null;
  const known =
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "bigint" ||
    typeof value === "boolean";
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

function startOf(node: unknown): number {
  const range = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range : null;
  return range?.[0] ?? 0;
}
