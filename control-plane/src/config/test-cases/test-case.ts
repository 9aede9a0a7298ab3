// One case, ready to be run.

import type { Origin } from "../../source/origin.ts";
import type { CallMethod, ClaimConfig } from "./case-config.ts";

/** One case, ready to be run. */
export interface TestCase {
  readonly name: string;
  readonly at: Origin;
  /** Undefined for one without a token. */
  readonly caller: Caller | undefined;
  readonly call: Call;
  readonly expect: Expectation;
}

/** What a token is to say. */
export interface Caller {
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, ClaimConfig>>;
}

/** What is asked for. */
export interface Call {
  readonly method: CallMethod;
  readonly to: /** By POST. */
    | { readonly door: "rest"; readonly path: string }
    | { readonly door: "grpc"; readonly agent: string };
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string | undefined;
}

/** What is to become of it. */
export type Expectation = {
  /** Where it is written. */
  readonly at: Origin;
  readonly route: string | undefined;
} & (
  | { readonly kind: "answered"; readonly by: readonly string[] }
  | { readonly kind: "refused"; readonly status: number; readonly reason: string | undefined }
);
