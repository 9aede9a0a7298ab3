// What is counted of an agent's calls.

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Admission } from "./admission.ts";
import type { ErrorCode } from "./agent-error.ts";
import type { Door } from "./host.ts";
import type { Usage } from "./pieces.ts";

/** Counts calls in a registry of its own. */
export interface CallMetrics {
  readonly registry: Registry;
  ended(door: Door, code: ErrorCode | "OK", ms: number, usage: Usage): void;
}

/** From quick echoes to a long answer of a slow model. */
const secondsBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export function createCallMetrics(agent: string, admission: Admission): CallMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ agent });
  const registers = [registry];
  const calls = new Counter({
    name: "smartcall_agent_calls_total",
    help: "Calls that have ended, by method and canonical code.",
    labelNames: ["method", "code"] as const,
    registers,
  });
  const seconds = new Histogram({
    name: "smartcall_agent_call_seconds",
    help: "How long calls took, waiting included.",
    labelNames: ["method"] as const,
    buckets: secondsBuckets,
    registers,
  });
  const tokens = new Counter({
    name: "smartcall_agent_tokens_total",
    help: "Tokens read (input) and written (output).",
    labelNames: ["direction"] as const,
    registers,
  });
  const gauge = (name: string, help: string, value: () => number): void => {
    const shown: Gauge = new Gauge({
      name,
      help,
      registers: [],
      collect: () => shown.set(value()),
    });
    registry.registerMetric(shown);
  };
  gauge("smartcall_agent_calls_running", "Calls that run.", () => admission.running);
  gauge("smartcall_agent_calls_waiting", "Calls that wait for a place.", () => admission.waiting);
  return {
    registry,
    ended(door, code, ms, usage) {
      calls.inc({ method: door, code });
      seconds.observe({ method: door }, ms / 1000);
      tokens.inc({ direction: "input" }, usage.inputTokens);
      tokens.inc({ direction: "output" }, usage.outputTokens);
    },
  };
}
