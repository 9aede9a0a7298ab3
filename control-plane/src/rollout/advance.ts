// Gateways have answered, come or gone, or time has passed.

import {
  answerMs,
  type Gateway,
  type Refusal,
  type RefusedResource,
  type Refusing,
  type Rollout,
  type Said,
  type Step,
  type Timed,
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
      const astray = gateways.flatMap(astrayOf);
      if (now < until && astray.length > 0) return stay(rollout);
      return to({ phase: "steady", good }, { kind: "refused", candidate, refusal, astray });
    }
  }
}

type In<C, Phase extends Rollout<C>["phase"]> = Extract<Rollout<C>, { readonly phase: Phase }>;

/** What is under way could not be published. Where there is nothing better, nothing changes. */
export function withdraw<C>(rollout: Rollout<C>, problems: readonly string[]): Step<C> {
  if (rollout.phase === "steady" || rollout.good === undefined) return stay(rollout);
  const { good, candidate } = rollout;
  const refusal = { by: "us", problems } as const;
  return to({ phase: "steady", good }, { kind: "refused", candidate, refusal, astray: [] });
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
    return to({ phase: "spread", good, candidate, node, ...from(now) });
  }
  if (first !== undefined && now < until) return stay(rollout);
  // It has left, or does not answer: another one tries it.
  const asked = first === undefined ? silent : [...silent, node];
  const other = gateways.find((gateway) => !asked.includes(gateway.node));
  if (other !== undefined) {
    const next = { ...rollout, node: other.node, silent: asked, ...from(now) };
    return to(next, { kind: "staged", candidate, node: other.node });
  }
  if (gateways.length === 0) {
    const next = { phase: "unproven", good, candidate, doubted: false } as const;
    return to(next, { kind: "taken", candidate, nodes: [], silent: [], refusing: [] });
  }
  return giveBack(good, candidate, { by: "silence", nodes: asked, ms: until - rollout.sent }, now);
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
  const refusing = gateways.flatMap(({ node: of, answered, still }) =>
    answered && still.length > 0 ? [{ node: of, resources: still }] : [],
  );
  const not = new Set([...silent, ...refusing.map((gateway) => gateway.node)]);
  // The first one has taken it, even if it has left since.
  const all = new Set([node, ...gateways.map((gateway) => gateway.node)]);
  const nodes = [...all].filter((each) => !not.has(each)).sort();
  const said = { kind: "taken", candidate, nodes, silent, refusing } as const;
  return to({ phase: "steady", good: candidate }, said);
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
  return to({ ...rollout, search: more, ...from(now) });
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
  return to({ phase: "tracing", good, candidate, refusal, search, ...from(now) });
}

function giveBack<C>(good: C, candidate: C, refusal: Refusal, now: number): Step<C> {
  return to({ phase: "returning", good, candidate, refusal, ...from(now) });
}

function refusalIn(gateways: readonly Gateway[]): Extract<Refusal, { by: "gateway" }> | undefined {
  const one = gateways.find(
    ({ answered, refused, lost }) => answered && refused.length + lost.length > 0,
  );
  if (one === undefined) return undefined;
  const resources = [...one.refused, ...one.lost];
  return { by: "gateway", node: one.node, resources, part: undefined };
}

/** A gateway that is not back on what was good. */
function astrayOf({ node, answered, refused, lost }: Gateway): readonly Refusing[] {
  const resources = [...refused, ...lost];
  return answered && resources.length === 0 ? [] : [{ node, resources }];
}

/** From when a phase is planned; `sent` is put right once it has gone out. */
function from(now: number): Timed {
  return { sent: now, until: now + answerMs };
}

function stay<C>(next: Rollout<C>): Step<C> {
  return { next, says: [] };
}

function to<C>(next: Rollout<C>, ...says: readonly Said<C>[]): Step<C> {
  return { next, says };
}
