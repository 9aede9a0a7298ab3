// The machine at work: publishes what it plans, and hears what gateways answer.

import type { Clock } from "@smartcall/runtime";
import { type Resource, resourceTypes, type Snapshot } from "../snapshot/index.ts";
import type { Origin } from "../source/origin.ts";
import type { XdsServer } from "../xds/index.ts";
import { advance, withdraw } from "./advance.ts";
import { type Given, gatewaysOf } from "./gateways.ts";
import { endOf, planOf, reasonOf, samePlan, versionsIn } from "./plan.ts";
import { begin, propose } from "./propose.ts";
import type { Gateway, Plan, Refusal, RefusedResource, Rollout, Said, Step } from "./rollout.ts";
import { suspectsIn, trialSnapshot } from "./trial.ts";

/** What rollouts are run with. */
export interface RolloutOptions<C> {
  readonly xds: Pick<XdsServer, "publish" | "progress" | "forgive">;
  readonly clock: Clock;
  /** What a version means for gateways at this moment: with the instances and keys of now. */
  readonly snapshotOf: (candidate: C) => Snapshot;
  readonly said: (said: Said<C>) => void;
  /** What should be served names what it does not hold, and is not served: a fault of ours. */
  readonly broken: (problems: readonly string[]) => void;
  /** Runs something after the requests that have already come, such as `setImmediate`. */
  readonly defer: (run: () => void) => void;
}

/** Rollouts, one at a time. */
export interface Rollouts<C> {
  state(): Rollout<C>;
  /** Publishes the first version. */
  start(): void;
  /** Stages a change; one that is under way gives way to it. */
  propose(candidate: C): void;
  /**
   * Something else has changed, such as an instance or a key. It is not staged:
   * every gateway gets it at once, on top of what it has.
   */
  refresh(reason: string): void;
  /** The xDS generation that was published last. */
  generation(): number;
  /** A gateway has come, moved or gone. */
  moved(): void;
  /** Where an operator wrote each refused resource, as exactly as it is known. */
  originsOf(candidate: C, refusal: Refusal): readonly (Origin | undefined)[];
  close(): void;
}

/** Serves `first` to all once it is started; where gateways refuse it, `good`. */
export function runRollouts<C extends object>(
  options: RolloutOptions<C>,
  first: C,
  good: C | undefined,
): Rollouts<C> {
  const { xds, clock } = options;
  let state = begin(first, good);
  let plan: Plan<C> | undefined;
  let generation = 0;
  let given: Given | undefined;
  let built = new Map<C, Snapshot>();
  let deferred = false;
  let closed = false;
  let cancelTimer = (): void => undefined;

  const build = (candidate: C): Snapshot => {
    const snapshot = built.get(candidate) ?? options.snapshotOf(candidate);
    built.set(candidate, snapshot);
    return snapshot;
  };
  const publish = (reason: string): void => {
    const next = planOf(state);
    plan = next;
    const { all, ahead } = next;
    const going = ahead && {
      nodes: new Set([ahead.node]),
      snapshot:
        ahead.trial === undefined
          ? build(ahead.candidate)
          : trialSnapshot(build(ahead.candidate), build(all), ahead.trial.of, ahead.trial.parts),
    };
    given = { all: build(all), ahead: going };
    const published = xds.publish(given.all, reason, going);
    if (published.ok) {
      generation = published.generation;
      return;
    }
    const problems = published.problems.map(({ message }) => message);
    options.broken(problems);
    take(withdraw(state, problems), reason);
  };
  const take = (step: Step<C>, reason: string): void => {
    state = step.next;
    // Nothing is kept of versions that are out of the game.
    const inUse = versionsIn(state);
    built = new Map([...built].filter(([candidate]) => inUse.has(candidate)));
    const moves = plan === undefined || !samePlan(plan, planOf(state));
    if (moves) publish(reason);
    cancelTimer();
    const end = endOf(state);
    if (end !== undefined) cancelTimer = clock.after(Math.max(0, end - clock.now()), run);
    for (const said of step.says) options.said(said);
  };
  const run = (): void => {
    while (!closed) {
      const parts = (candidate: C, before: C, resource: RefusedResource): number =>
        suspectsIn(build(candidate), build(before), resource).length;
      const step = advance(state, gateways(), clock.now(), parts);
      if (step.next === state) return;
      take(step, reasonOf(step.next));
    }
  };
  const gateways = (): readonly Gateway[] => {
    const before = state.good === undefined ? undefined : build(state.good);
    return gatewaysOf(xds.progress(), generation, given, before);
  };

  return {
    state: () => state,
    start: () => publish("start"),
    propose(candidate) {
      // An operator asks once more: what was refused may be good by now, such as a port that is free again.
      xds.forgive();
      take(propose(state, candidate, gateways(), clock.now()), "mesh.yaml");
      run();
    },
    refresh(reason) {
      built.clear();
      publish(reason);
    },
    generation: () => generation,
    moved() {
      if (state.phase === "steady" || deferred) return;
      deferred = true;
      options.defer(() => {
        deferred = false;
        run();
      });
    },
    originsOf(candidate, refusal) {
      if (refusal.by !== "gateway") return [];
      const after = options.snapshotOf(candidate);
      const [first] = refusal.resources;
      const { part } = refusal;
      return refusal.resources.map((resource) => {
        if (resource !== first || part === undefined || state.good === undefined) {
          return resourceIn(after, resource)?.origin;
        }
        return suspectsIn(after, build(state.good), resource)[part]?.origin;
      });
    },
    close() {
      closed = true;
      cancelTimer();
    },
  };
}

function resourceIn(snapshot: Snapshot, { type, name }: RefusedResource): Resource | undefined {
  const known = resourceTypes.find((each) => each === type);
  return known === undefined ? undefined : snapshot[known].get(name);
}
