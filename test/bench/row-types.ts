// What the bench compares: a line of its table for each way to the agent.
import type { Target } from "./load-types.ts";

/** A certificate with its key, PEM. */
export interface Certificate {
  readonly certificateChain: string;
  readonly privateKey: string;
}

/** One line of the table. */
export interface Row {
  readonly id: RowId;
  readonly name: string;
  readonly target: Target;
  /** Of each process that does the work the id; `gateway`, `sidecar`, `quota`, `agent`. */
  readonly processes: Readonly<Record<string, number>>;
}

/** What they are called in the JSON, and by the ratios. */
export const rowIds = [
  "direct",
  "direct-bare",
  "envoy",
  "transcoder",
  "transcoder-tls",
  "edge",
  "edge-grpc",
  "edge-budget",
  "edge-sidecar",
  "express-bare",
  "express",
] as const;
export type RowId = (typeof rowIds)[number];
