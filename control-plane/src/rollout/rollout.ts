// How a change reaches the gateways: one first, then the rest, and back where one refuses.
//
// A pure state machine: what happened goes in, the next state and what is to be
// said come out. `C` stands for one version of the operator's files; the machine
// knows nothing of it.

import type { Search } from "./search.ts";

/** How long one gateway may take to answer for one small step, in milliseconds. */
export const answerMs = 10_000;
/** How much longer for each MiB that it is given: a busy one takes its time to read it. */
export const answerMsPerMiB = 2_000;

/** A resource that a gateway refuses because of the change. */
export interface RefusedResource {
  readonly type: string;
  readonly name: string;
  /** Envoy's words, redacted. */
  readonly message: string;
}

/** A connected gateway, and how far it is with the present step. */
export interface Gateway {
  /** Its node id. */
  readonly node: string;
  /** Whether it has answered for all that the step gives it. */
  readonly answered: boolean;
  /** What it refuses of the change. */
  readonly refused: readonly RefusedResource[];
  /** What it refuses though the change leaves it as it was, and though it took it before. */
  readonly lost: readonly RefusedResource[];
  /** What it refuses as it did before the change, which leaves it as it was. */
  readonly still: readonly RefusedResource[];
}

/** Why a change is not taken. */
export type Refusal =
  /** A gateway refuses resources; `part` is the place of the bad one among the parts of the first. */
  | {
      readonly by: "gateway";
      readonly node: string;
      readonly resources: readonly RefusedResource[];
      readonly part: number | undefined;
    }
  /** No gateway answered in time: so long after it was given the change, in milliseconds. */
  | { readonly by: "silence"; readonly nodes: readonly string[]; readonly ms: number }
  /** It names what it does not hold, so no gateway was given it: a fault of ours. */
  | { readonly by: "us"; readonly problems: readonly string[] };

/** Where a change stands. `good` is what gateways go back to; undefined at the very start. */
export type Rollout<C> =
  /** Nothing is under way; every gateway is given what is good. */
  | { readonly phase: "steady"; readonly good: C }
  /** Given to all at once, since nobody was there to try it, or nothing older to go back to. */
  | {
      readonly phase: "unproven";
      readonly good: C | undefined;
      readonly candidate: C;
      readonly doubted: boolean;
    }
  /** One gateway has it; the others keep what they have. */
  | ({
      readonly phase: "staged";
      readonly good: C;
      readonly others: C;
      readonly candidate: C;
      readonly node: string;
      /** Gateways that were asked before, and did not answer. */
      readonly silent: readonly string[];
    } & Timed)
  /** One gateway has taken it; all of them have it. */
  | ({
      readonly phase: "spread";
      readonly good: C;
      readonly candidate: C;
      readonly node: string;
    } & Timed)
  /** Refused: all go back, but one gateway tries parts of it, where no call can meet them. */
  | ({
      readonly phase: "tracing";
      readonly good: C;
      readonly candidate: C;
      readonly refusal: Extract<Refusal, { by: "gateway" }>;
      readonly search: Search;
    } & Timed)
  /** Refused: all go back. */
  | ({
      readonly phase: "returning";
      readonly good: C;
      readonly candidate: C;
      readonly refusal: Refusal;
    } & Timed);

/** A phase that ends by itself: gateways have what it gives them since `sent`. */
export interface Timed {
  readonly sent: number;
  readonly until: number;
}

/** A gateway, and what it refuses. */
export interface Refusing {
  readonly node: string;
  readonly resources: readonly RefusedResource[];
}

/** Something that those who asked for a change should know. */
export type Said<C> =
  | { readonly kind: "staged"; readonly candidate: C; readonly node: string }
  /**
   * It is what all gateways are given. `nodes` have taken all of it, `silent` have
   * not answered in time, and `refusing` refuse what they did before, which it
   * leaves as it was.
   */
  | {
      readonly kind: "taken";
      readonly candidate: C;
      readonly nodes: readonly string[];
      readonly silent: readonly string[];
      readonly refusing: readonly Refusing[];
    }
  /** A gateway has taken what was given to all before there was one. */
  | { readonly kind: "proven"; readonly candidate: C }
  /** A gateway refuses it, and there is nothing to go back to. */
  | { readonly kind: "doubted"; readonly candidate: C; readonly refusal: Refusal }
  /**
   * Every gateway is back on what was good, but for those in `astray`: they have
   * been told to go back, and do not answer, or refuse it.
   */
  | {
      readonly kind: "refused";
      readonly candidate: C;
      readonly refusal: Refusal;
      readonly astray: readonly Refusing[];
    }
  /** A newer change took its place before it was done. */
  | { readonly kind: "superseded"; readonly candidate: C };

/** The next state, and what is to be said. */
export interface Step<C> {
  readonly next: Rollout<C>;
  readonly says: readonly Said<C>[];
}

/** What gateways are to be given. */
export interface Plan<C> {
  readonly all: C;
  /** What one gateway is given instead: the whole change, or the first parts of what it refused. */
  readonly ahead?: {
    readonly node: string;
    readonly candidate: C;
    readonly trial?: { readonly of: RefusedResource; readonly parts: number };
  };
}
