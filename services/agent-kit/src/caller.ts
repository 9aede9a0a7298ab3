// Who asks, read from a gRPC call's metadata.

import type { Metadata } from "@grpc/grpc-js";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
// The whole of it takes 50 ms to load.
import { W3CTraceContextPropagator } from "@opentelemetry/core/build/src/trace/W3CTraceContextPropagator.js";
import { onwardOf } from "./calls/onward.ts";
import { callerLeft } from "./failure.ts";
import { readBudget, readGrant } from "./grant.ts";
import type { Caller, Door, Routed } from "./host.ts";
import { certificateNamesOf, fromOf, identityOf } from "./identity.ts";
import type { Sent } from "./sent.ts";
import { createStop, type StopSignal } from "./stop.ts";

/** A call of any kind, as far as its caller is concerned. */
export interface Incoming {
  readonly sent: Sent;
  /** In milliseconds since 1970; infinite where it may take for ever. */
  readonly deadline: number;
  /** Aborts when the caller has left. */
  readonly signal: StopSignal;
}

/** What the kinds of server call of grpc-js have in common. */
interface ServerCall {
  readonly metadata: Metadata;
  getDeadline(): Date | number;
  on(event: "cancelled", listener: () => void): unknown;
}

/** A call of grpc-js. */
export function incoming(call: ServerCall): Incoming {
  const left = createStop();
  call.on("cancelled", () => left.abort(callerLeft));
  return { sent: call.metadata, deadline: Number(call.getDeadline()), signal: left };
}

const propagator = new W3CTraceContextPropagator();
const reading = {
  // All that is asked for is asked for by its name.
  keys: () => [],
  get: (sent: Sent, key: string) => first(sent, key),
};

/**
 * The caller of a gRPC call. Its request id is the edge's (`x-request-id`), its
 * trace id that of `traceparent`; each is a new one where the caller gave none.
 */
export function callerOf(call: Incoming, door: Door, newId: () => string): Caller {
  const { deadline, sent, signal } = call;
  const grant = readGrant(first(sent, "smartcall-grant"));
  const budget = readBudget(first(sent, "smartcall-budget"));
  const identity = identityOf(sent);
  const certificateNames = certificateNamesOf(sent);
  const from = fromOf(sent);
  // Written so, and not with a spread for each that may be absent, it costs a third.
  const caller: { -readonly [Key in keyof Caller]: Caller[Key] } = {
    door,
    requestId: first(sent, "x-request-id") ?? newId(),
    traceId: traceIdOf(sent) ?? newId().replaceAll("-", ""),
    routed: routedOf(sent),
    onward: onwardOf(sent),
    signal,
  };
  if (identity !== undefined) caller.identity = identity;
  if (certificateNames !== undefined) caller.certificateNames = certificateNames;
  if (from !== undefined) caller.from = from;
  if (grant !== undefined) caller.grant = grant;
  if (budget !== undefined) caller.budget = budget;
  if (deadline < Number.POSITIVE_INFINITY) caller.deadline = deadline;
  return caller;
}

function routedOf(sent: Sent): Routed {
  const agent = first(sent, "smartcall-agent");
  const [model] = sent.get("smartcall-model");
  const largest = Number(first(sent, "smartcall-largest") ?? 0);
  const routed: { -readonly [Key in keyof Routed]: Routed[Key] } = {};
  if (agent !== undefined) routed.agent = agent;
  if (typeof model === "string") routed.model = model;
  if (largest > 0) routed.largest = largest;
  return routed;
}

function traceIdOf(sent: Sent): string | undefined {
  if (first(sent, "traceparent") === undefined) return undefined;
  const context = propagator.extract(ROOT_CONTEXT, sent, reading);
  return trace.getSpanContext(context)?.traceId;
}

function first(sent: Sent, key: string): string | undefined {
  const [value] = sent.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}
