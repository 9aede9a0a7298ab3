// The machine at work: publishes what it plans, and hears what gateways answer.

import type { Clock } from "@smartcall/runtime";
import { type Resource, resourceTypes, type Snapshot } from "../snapshot/index.ts";
import type { Origin } from "../source/origin.ts";
import type { XdsServer } from "../xds/index.ts";
import { advance, withdraw } from "./advance.ts";
import { type Given, gatewaysOf, type Refused, refusedBy } from "./gateways.ts";
import { endOf, planOf, reasonOf, samePlan, sentAt, versionsIn } from "./plan.ts";
import { begin, propose } from "./propose.ts";
import {
  answerMs,
  answerMsPerMiB,
  type Gateway,
  type Plan,
  type Refusal,
  type RefusedResource,
  type Refusing,
  type Rollout,
  type Said,
  type Step,
} from "./rollout.ts";
import { type Trials, trialsOf } from "./trial.ts";

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
  /** Gateways that refuse something of what they are given at present. */
  refusing(): readonly Refusing[];
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
  let before: Refused = new Map();
  let built = new Map<C, Snapshot>();
  let trials: { readonly of: RefusedResource; readonly prepared: Trials } | undefined;
  let deferred = false;
  let closed = false;
  let cancelTimer = (): void => undefined;

  const build = (candidate: C): Snapshot => {
    const snapshot = built.get(candidate) ?? options.snapshotOf(candidate);
    built.set(candidate, snapshot);
    return snapshot;
  };
  const prepare = (candidate: C, beside: C, of: RefusedResource): Trials => {
    if (trials?.of !== of) {
      trials = { of, prepared: trialsOf(build(candidate), build(beside), of) };
    }
    return trials.prepared;
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
          : prepare(ahead.candidate, all, ahead.trial.of).snapshot(
              build(ahead.candidate),
              build(all),
              ahead.trial.parts,
            ),
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
    const moves = plan === undefined || !samePlan(plan, planOf(state));
    if (moves) publish(reason);
    // What has to be worked out before it goes out is no fault of those who are to answer.
    state = sentAt(state, clock.now(), patience(given));
    cancelTimer();
    const end = endOf(state);
    if (end !== undefined) {
      // Answers that came while this process was busy are read first.
      const late = (): void => options.defer(run);
      cancelTimer = clock.after(Math.max(0, end - clock.now()), late);
    }
    for (const said of step.says) options.said(said);
    // Nothing is kept of versions that are out of the game.
    const inUse = versionsIn(state);
    built = new Map([...built].filter(([candidate]) => inUse.has(candidate)));
  };
  const run = (): void => {
    while (!closed) {
      const parts = (candidate: C, beside: C, resource: RefusedResource): number =>
        prepare(candidate, beside, resource).origins.length;
      const step = advance(state, gateways(), clock.now(), parts);
      if (step.next === state) return;
      take(step, reasonOf(step.next));
    }
  };
  const gateways = (): readonly Gateway[] => {
    const beneath = state.good === undefined ? undefined : build(state.good);
    return gatewaysOf(xds.progress(), generation, given, beneath, before);
  };

  return {
    state: () => state,
    start: () => publish("start"),
    propose(candidate) {
      const isFirst = state.phase === "steady" || state.phase === "unproven";
      if (isFirst) {
        before = refusedBy(xds.progress());
        trials = undefined;
      }
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
    refusing: () =>
      xds
        .progress()
        .flatMap(({ node, refused }) => (refused.length > 0 ? [{ node, resources: refused }] : [])),
    originsOf(candidate, refusal) {
      if (refusal.by !== "gateway") return [];
      const { part, resources } = refusal;
      const [tried] = resources;
      return resources.map((resource) => {
        if (resource === tried && part !== undefined) return trials?.prepared.origins[part];
        // A table is no place to look at: one of its routes is meant, and nobody knows which.
        return resource.type === "route"
          ? undefined
          : resourceIn(build(candidate), resource)?.origin;
      });
    },
    close() {
      closed = true;
      cancelTimer();
    },
  };
}

/** How long a gateway may take to answer for what it is given, in milliseconds. */
function patience(given: Given | undefined): number {
  const snapshot = given?.ahead?.snapshot ?? given?.all;
  if (snapshot === undefined) return answerMs;
  let bytes = 0;
  for (const type of resourceTypes) {
    for (const { body } of snapshot[type].values()) bytes += body.length;
  }
  return answerMs + (bytes / 1024 ** 2) * answerMsPerMiB;
}

function resourceIn(snapshot: Snapshot, { type, name }: RefusedResource): Resource | undefined {
  const known = resourceTypes.find((each) => each === type);
  return known === undefined ? undefined : snapshot[known].get(name);
}
