// Gateways have answered, come or gone, or time has passed.

import {
  answerMs,
  type Gateway,
  type Refusal,
  type RefusedResource,
  type Rollout,
  type Said,
  type Step,
} from "./rollout.ts";
import { learn, nextOf, searchOf } from "./search.ts";

/** How many parts of a resource could be why it is refused: 0 for one that has none. */
export type PartsOf<C> = (candidate: C, good: C, resource: RefusedResource) => number;

/**
 * One step further, if there is one: the same state where there is not. Ask
 * again after what it gives the gateways has been published.
 *
 * @param gateways sorted by node id; `answered` must be for what `planOf` says of this very state
 */
export function advance<C>(
  rollout: Rollout<C>,
  gateways: readonly Gateway[],
  now: number,
  partsOf: PartsOf<C>,
): Step<C> {
  switch (rollout.phase) {
    case "steady":
      return stay(rollout);
    case "unproven":
      return prove(rollout, gateways, now, partsOf);
    case "staged":
      return stage(rollout, gateways, now, partsOf);
    case "spread":
      return spread(rollout, gateways, now, partsOf);
    case "tracing":
      return trace(rollout, gateways, now);
    case "returning": {
      const { good, candidate, refusal, until } = rollout;
      if (now < until && gateways.some(({ answered }) => !answered)) return stay(rollout);
      return to({ phase: "steady", good }, { kind: "refused", candidate, refusal });
    }
  }
}

type In<C, Phase extends Rollout<C>["phase"]> = Extract<Rollout<C>, { readonly phase: Phase }>;

/** What is under way could not be published. Where there is nothing better, nothing changes. */
export function withdraw<C>(rollout: Rollout<C>, problems: readonly string[]): Step<C> {
  if (rollout.phase === "steady" || rollout.good === undefined) return stay(rollout);
  const { good, candidate } = rollout;
  const refusal = { by: "us", problems } as const;
  return to({ phase: "steady", good }, { kind: "refused", candidate, refusal });
}

function prove<C>(
  rollout: In<C, "unproven">,
  gateways: readonly Gateway[],
  now: number,
  partsOf: PartsOf<C>,
): Step<C> {
  const { good, candidate, doubted } = rollout;
  const refusal = refusalIn(gateways);
  if (refusal !== undefined && good !== undefined) {
    return goBack(good, candidate, refusal, now, partsOf);
  }
  if (refusal !== undefined) {
    if (doubted) return stay(rollout);
    return to({ ...rollout, doubted: true }, { kind: "doubted", candidate, refusal });
  }
  if (!gateways.some(({ answered }) => answered)) return stay(rollout);
  return to({ phase: "steady", good: candidate }, { kind: "proven", candidate });
}

function stage<C>(
  rollout: In<C, "staged">,
  gateways: readonly Gateway[],
  now: number,
  partsOf: PartsOf<C>,
): Step<C> {
  const { good, candidate, node, silent, until } = rollout;
  const first = gateways.find((gateway) => gateway.node === node);
  const refusal = refusalIn(first === undefined ? [] : [first]);
  if (refusal !== undefined) return goBack(good, candidate, refusal, now, partsOf);
  if (first?.answered === true) {
    return to({ phase: "spread", good, candidate, node, until: now + answerMs });
  }
  if (first !== undefined && now < until) return stay(rollout);
  // It has left, or does not answer: another one tries it.
  const asked = first === undefined ? silent : [...silent, node];
  const other = gateways.find((gateway) => !asked.includes(gateway.node));
  if (other !== undefined) {
    const next = { ...rollout, node: other.node, silent: asked, until: now + answerMs };
    return to(next, { kind: "staged", candidate, node: other.node });
  }
  if (gateways.length === 0) {
    const next = { phase: "unproven", good, candidate, doubted: false } as const;
    return to(next, { kind: "taken", candidate, nodes: [], silent: [] });
  }
  return giveBack(good, candidate, { by: "silence", nodes: asked }, now);
}

function spread<C>(
  rollout: In<C, "spread">,
  gateways: readonly Gateway[],
  now: number,
  partsOf: PartsOf<C>,
): Step<C> {
  const { good, candidate, node, until } = rollout;
  const refusal = refusalIn(gateways);
  if (refusal !== undefined) return goBack(good, candidate, refusal, now, partsOf);
  const silent = gateways.filter(({ answered }) => !answered).map((gateway) => gateway.node);
  if (silent.length > 0 && now < until) return stay(rollout);
  const answered = gateways.filter((gateway) => gateway.answered).map((gateway) => gateway.node);
  // The first one has taken it, even if it has left since.
  const nodes = [...new Set([...answered, ...(silent.includes(node) ? [] : [node])])].sort();
  return to({ phase: "steady", good: candidate }, { kind: "taken", candidate, nodes, silent });
}

function trace<C>(rollout: In<C, "tracing">, gateways: readonly Gateway[], now: number): Step<C> {
  const { good, candidate, refusal, search, until } = rollout;
  const next = nextOf(search);
  if (next.kind !== "try") {
    const part = next.kind === "found" ? next.index : undefined;
    return giveBack(good, candidate, { ...refusal, part }, now);
  }
  const gateway = gateways.find(({ node }) => node === refusal.node);
  if (gateway === undefined || now >= until) return giveBack(good, candidate, refusal, now);
  if (!gateway.answered) return stay(rollout);
  const more = learn(search, gateway.refused.length > 0);
  return to({ ...rollout, search: more, until: now + answerMs });
}

function goBack<C>(
  good: C,
  candidate: C,
  refusal: Extract<Refusal, { by: "gateway" }>,
  now: number,
  partsOf: PartsOf<C>,
): Step<C> {
  const [first] = refusal.resources;
  const parts = first === undefined ? 0 : partsOf(candidate, good, first);
  const search = searchOf(parts);
  return to({ phase: "tracing", good, candidate, refusal, search, until: now + answerMs });
}

function giveBack<C>(good: C, candidate: C, refusal: Refusal, now: number): Step<C> {
  return to({ phase: "returning", good, candidate, refusal, until: now + answerMs });
}

function refusalIn(gateways: readonly Gateway[]): Extract<Refusal, { by: "gateway" }> | undefined {
  const one = gateways.find(({ answered, refused }) => answered && refused.length > 0);
  if (one === undefined) return undefined;
  return { by: "gateway", node: one.node, resources: one.refused, part: undefined };
}

function stay<C>(next: Rollout<C>): Step<C> {
  return { next, says: [] };
}

function to<C>(next: Rollout<C>, ...says: readonly Said<C>[]): Step<C> {
  return { next, says };
}
