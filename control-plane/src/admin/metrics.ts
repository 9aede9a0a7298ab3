// What an operator measures of the control plane, for Prometheus.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { XdsEvent } from "../xds/index.ts";

/** The control plane's metrics. */
export interface Metrics {
  /** Takes part in everything that happens on xDS streams. */
  observe(event: XdsEvent): void;
  /** An operator's file, or a snapshot made from it, was refused. */
  configRefused(): void;
  /** Whether what is served is older than the operator's files, as those are refused. */
  servesLastGood(value: boolean): void;
  /** How many instances hold a lease at present. */
  leases(count: number): void;
  readonly contentType: string;
  /** All of it, in Prometheus' text format. */
  render(): Promise<string>;
}

/** Metrics in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const streams = new Gauge({
    name: "smartcall_xds_streams",
    help: "Open xDS streams.",
    registers,
  });
  const pushes = new Counter({
    name: "smartcall_xds_pushes_total",
    help: "xDS responses sent, by type and by what made them go out.",
    labelNames: ["type", "reason"],
    registers,
  });
  const nacks = new Counter({
    name: "smartcall_xds_nacks_total",
    help: "xDS responses that a node refused, by type.",
    labelNames: ["type"],
    registers,
  });
  const refusedStreams = new Counter({
    name: "smartcall_xds_refused_streams_total",
    help: "xDS streams that were refused, by gRPC status.",
    labelNames: ["code"],
    registers,
  });
  const unknownTypes = new Counter({
    name: "smartcall_xds_unknown_type_requests_total",
    help: "xDS requests for a type that is not served.",
    registers,
  });
  const convergence = new Histogram({
    name: "smartcall_xds_convergence_seconds",
    help: "From a change to each connected node's last answer to it.",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 3, 5, 10, 20, 30],
    registers,
  });
  const configErrors = new Counter({
    name: "smartcall_config_errors_total",
    help: "Times that an operator's files were refused.",
    registers,
  });
  const lastGood = new Gauge({
    name: "smartcall_last_good",
    help: "1 while the operator's files are refused and an older, good state is served.",
    registers,
  });
  const leases = new Gauge({
    name: "smartcall_leases",
    help: "Instances that hold a lease.",
    registers,
  });
  const observe = (event: XdsEvent): void => {
    if (event.kind === "opened") streams.inc();
    else if (event.kind === "closed") streams.dec();
    else if (event.kind === "sent") pushes.inc({ type: event.type, reason: event.reason });
    else if (event.kind === "nacked") nacks.inc({ type: event.type });
    else if (event.kind === "refused stream") refusedStreams.inc({ code: event.code });
    else if (event.kind === "unknown type") unknownTypes.inc();
    else if (event.kind === "converged") convergence.observe(event.ms / 1000);
  };
  return {
    observe,
    configRefused: () => configErrors.inc(),
    servesLastGood: (value) => lastGood.set(value ? 1 : 0),
    leases: (count) => leases.set(count),
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}
