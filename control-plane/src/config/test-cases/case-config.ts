// What operators wrote in a file of test cases, typed, with places.

import type { Origin } from "../../source/origin.ts";
import type { Located } from "../schema/collections.ts";
import type { Flaws } from "../schema/flaws.ts";

/** One file of test cases. */
export interface CaseFileConfig {
  /** Callers that several cases name. */
  readonly callers: ReadonlyMap<string, Located<CallerConfig>>;
  readonly cases: readonly Located<CaseConfig>[];
  readonly at: Origin;
}

/** One case: this caller, this call, and what is to become of it. */
export interface CaseConfig {
  readonly name: Located<string>;
  readonly caller: CallerChoice;
  /** Undefined where it is missing or of no use, which was reported. */
  readonly call: CallConfig | undefined;
  /** Undefined where it is missing or of no use, which was reported. */
  readonly expect: ExpectConfig | undefined;
  readonly at: Origin;
}

/** Who calls: nobody known, a caller of `callers`, or one that the case itself describes. */
export type CallerChoice =
  | { readonly kind: "none" }
  | { readonly kind: "named"; readonly name: string; readonly at: Origin }
  | { readonly kind: "described"; readonly caller: CallerConfig };

/** What the caller's token says. */
export interface CallerConfig {
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly claims: ReadonlyMap<string, Located<ClaimConfig>>;
  readonly at: Origin;
}

/** The value of a claim. */
export type ClaimConfig = string | number | boolean | readonly string[];

/** How an answer comes: at once, event by event, or in turns. */
export type CallMethod = "invoke" | "stream" | "converse";

/** A call. Of `agent` and `path` one is there, once it was checked. */
export interface CallConfig {
  readonly agent: Located<string> | undefined;
  readonly path: Located<string> | undefined;
  readonly method: Located<CallMethod> | undefined;
  readonly door: Located<"rest" | "grpc"> | undefined;
  readonly headers: ReadonlyMap<string, Located<string>>;
  readonly model: string | undefined;
  readonly at: Origin;
  readonly flawed: Flaws;
}

/** What is to become of a call. Of `agent` and `refused` one is there, once it was checked. */
export interface ExpectConfig {
  /** Any of these may answer. */
  readonly agent: readonly Located<string>[] | undefined;
  /** An HTTP status. */
  readonly refused: Located<number> | undefined;
  readonly reason: Located<string> | undefined;
  /** The route that takes the call, or refuses it. */
  readonly route: Located<string> | undefined;
  readonly at: Origin;
  readonly flawed: Flaws;
}
