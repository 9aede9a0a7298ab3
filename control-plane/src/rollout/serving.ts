// What serving a mesh is: what it needs, what it tells, and what can be asked of it.

import type { Found } from "../config/index.ts";
import type { Snapshot } from "../snapshot/index.ts";
import type { Audit, LastGood, LastRefused } from "../state/index.ts";
import type { Refusal, Refusing } from "./rollout.ts";
import type { RolloutOptions } from "./run-rollout.ts";
import type { Standing } from "./standing.ts";
import type { Asked, Version } from "./version.ts";

/** What serving needs. */
export interface ServingOptions extends Omit<RolloutOptions<Version>, "said" | "snapshotOf"> {
  /** What a version means for gateways at this moment. */
  readonly snapshotOf: (version: Version) => Snapshot;
  readonly now: () => Date;
  readonly audit: Pick<Audit, "note">;
  /** Keeps what gateways have taken over the end of this process. */
  readonly keepLastGood: (good: LastGood) => void;
  /** Keeps what gateways refuse of the files as they stand; undefined for nothing. */
  readonly keepRefused: (refused: LastRefused | undefined) => void;
  /** Whether a gateway is known that is not connected: a start waits for it. */
  readonly expected: () => boolean;
  /**
   * Told of every version that is served, or may be in a moment, before gateways
   * are given it: whose agents may come, and whose addresses are looked up. They
   * are given it when this settles.
   */
  readonly using: (versions: readonly Version[]) => Promise<void> | void;
  readonly told: ServingTold;
}

/** Told of what becomes of changes. */
export interface ServingTold {
  /**
   * Every gateway is given it, and those in `silent` have not said yet that they
   * took it; `problems` is what others refuse as they did before.
   */
  served(version: Version, silent: readonly string[], problems: readonly string[]): void;
  /** It is not served; what was served before goes on. */
  refused(problems: readonly string[], asked: Asked): void;
  /** It is served, since there is nothing older, but a gateway refuses a part of it. */
  doubted(problems: readonly string[]): void;
  /** A certificate or another file has changed that what is served names. */
  renewed(version: Version): void;
}

/** What became of a change that somebody waits for. */
export type Outcome =
  | {
      readonly kind: "taken";
      readonly nodes: readonly string[];
      readonly silent: readonly string[];
      /** Gateways that refuse a part of it, as they did before, and what. */
      readonly refusing: readonly string[];
      readonly problems: readonly string[];
    }
  | {
      readonly kind: "refused";
      readonly refusal: Refusal;
      /** Gateways that are not back on what they had. */
      readonly astray: readonly string[];
      readonly problems: readonly string[];
      readonly at:
        | { readonly file: string; readonly line: number; readonly column: number }
        | undefined;
    }
  | { readonly kind: "superseded" };

/** Somebody who waits for what becomes of a change. */
export interface Waiter {
  staged(node: string): void;
  ended(outcome: Outcome): void;
}

/** A mesh that is served. */
export interface Serving {
  standing(): Standing;
  /** What every gateway is given, or is on its way to. */
  served(): Version;
  /** Whether a change is on its way. */
  busy(): boolean;
  /** Gateways that refuse something of what they are given. */
  refusing(): readonly Refusing[];
  /** The files were saved, and pass every check. */
  save(found: Found): void;
  /** The files as they stand cannot be used. `known`: whoever should know has been told. */
  refused(problems: readonly string[], known?: boolean): void;
  /** Stages a change. */
  change(found: Found, asked: Asked, waiter?: Waiter): void;
  /** An instance, a key or a certificate has changed. */
  refresh(reason: string): void;
  /** The xDS generation that holds all that was changed until this moment. */
  generation(): number;
  /** A gateway has come, moved or gone. */
  moved(): void;
  close(): Promise<void>;
}
