// What is counted of the service itself.

import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** Counts what the service does, in a registry of its own. */
export interface QuotaMetrics {
  readonly registry: Registry;
  reserved(result: "granted" | "refused" | "failed"): void;
  settled(result: "settled" | "unknown" | "waits"): void;
  /** Calls that never settled were charged as reserved. */
  expired(calls: number): void;
  /** An end of a call was forgotten, for too many waited. */
  dropped(): void;
}

/** @param waiting how many ends of calls wait to be written down */
export function createQuotaMetrics(waiting: () => number): QuotaMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const reservations = new Counter({
    name: "smartcall_quota_reservations_total",
    help: "Calls that were granted, refused, or could not be counted (failed).",
    labelNames: ["result"] as const,
    registers,
  });
  const settles = new Counter({
    name: "smartcall_quota_settles_total",
    help: "Ends of calls: settled, unknown where nothing was reserved, waits where it was not written down at once.",
    labelNames: ["result"] as const,
    registers,
  });
  const expired = new Counter({
    name: "smartcall_quota_expired_total",
    help: "Calls that never settled and were charged as reserved.",
    registers,
  });
  const dropped = new Counter({
    name: "smartcall_quota_settles_dropped_total",
    help: "Ends of calls that were forgotten because too many waited.",
    registers,
  });
  const gauge: Gauge = new Gauge({
    name: "smartcall_quota_settles_waiting",
    help: "Ends of calls that wait to be written down.",
    registers: [],
    collect: () => gauge.set(waiting()),
  });
  registry.registerMetric(gauge);
  return {
    registry,
    reserved: (result) => reservations.inc({ result }),
    settled: (result) => settles.inc({ result }),
    expired: (calls) => expired.inc(calls),
    dropped: () => dropped.inc(),
  };
}
