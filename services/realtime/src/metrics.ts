// What is counted of the service.

import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { TurnEnd } from "./turn.ts";

/** Counts what the service does, in a registry of its own. */
export interface RealtimeMetrics {
  readonly registry: Registry;
  turned(end: TurnEnd): void;
  refused(status: number): void;
  closed(code: number): void;
}

/**
 * @param open how many sockets are open
 * @param held how many bytes are held for them
 */
export function createRealtimeMetrics(open: () => number, held: () => number): RealtimeMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const turns = new Counter({
    name: "smartcall_realtime_turns_total",
    help: "Turns by how they ended: done, cancelled, failed, or refused before they began.",
    labelNames: ["how"] as const,
    registers,
  });
  const refusals = new Counter({
    name: "smartcall_realtime_refused_upgrades_total",
    help: "Sockets that were not opened, by the HTTP status of the answer.",
    labelNames: ["status"] as const,
    registers,
  });
  const closes = new Counter({
    name: "smartcall_realtime_closed_sockets_total",
    help: "Sockets that were closed, by their close code; 1006 is a connection that broke.",
    labelNames: ["code"] as const,
    registers,
  });
  const gauge = new Gauge({
    name: "smartcall_realtime_open_sockets",
    help: "Sockets that are open.",
    registers: [],
    collect() {
      this.set(open());
    },
  });
  const bytes = new Gauge({
    name: "smartcall_realtime_held_bytes",
    help: "What is held for sockets: what conversations remember, turns that run, and frames on their way.",
    registers: [],
    collect() {
      this.set(held());
    },
  });
  registry.registerMetric(gauge);
  registry.registerMetric(bytes);
  return {
    registry,
    turned: ({ how }) => turns.inc({ how }),
    refused: (status) => refusals.inc({ status }),
    closed: (code) => closes.inc({ code }),
  };
}
