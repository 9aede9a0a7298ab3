// Who asks, read from a gRPC call's metadata.

import type { Metadata } from "@grpc/grpc-js";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
// The whole of it takes 50 ms to load.
import { W3CTraceContextPropagator } from "@opentelemetry/core/build/src/trace/W3CTraceContextPropagator.js";
import { onwardOf } from "./calls/onward.ts";
import { callerLeft } from "./failure.ts";
import { readBudget, readGrant } from "./grant.ts";
import type { Caller, Door } from "./host.ts";
import { certificateNamesOf, fromOf, identityOf } from "./identity.ts";

/** What the three kinds of server call have in common. */
interface ServerCall {
  readonly metadata: Metadata;
  getDeadline(): Date | number;
  on(event: "cancelled", listener: () => void): unknown;
}

const propagator = new W3CTraceContextPropagator();
const reading = {
  keys: (metadata: Metadata) => Object.keys(metadata.getMap()),
  get: (metadata: Metadata, key: string) => first(metadata, key),
};

/**
 * The caller of a gRPC call. Its request id is the edge's (`x-request-id`), its
 * trace id that of `traceparent`; each is a new one where the caller gave none.
 */
export function callerOf(call: ServerCall, door: Door, newId: () => string): Caller {
  const left = new AbortController();
  call.on("cancelled", () => left.abort(callerLeft));
  const agent = first(call.metadata, "smartcall-agent");
  const [model] = call.metadata.get("smartcall-model");
  const largest = Number(first(call.metadata, "smartcall-largest") ?? 0);
  const deadline = Number(call.getDeadline());
  const grant = readGrant(first(call.metadata, "smartcall-grant"));
  const budget = readBudget(first(call.metadata, "smartcall-budget"));
  const identity = identityOf(call.metadata);
  const certificateNames = certificateNamesOf(call.metadata);
  const from = fromOf(call.metadata);
  return {
    door,
    requestId: first(call.metadata, "x-request-id") ?? newId(),
    traceId: traceIdOf(call.metadata) ?? newId().replaceAll("-", ""),
    routed: {
      ...(agent !== undefined && { agent }),
      ...(typeof model === "string" && { model }),
      ...(largest > 0 && { largest }),
    },
    ...(identity !== undefined && { identity }),
    ...(certificateNames !== undefined && { certificateNames }),
    ...(from !== undefined && { from }),
    onward: onwardOf(call.metadata),
    ...(grant !== undefined && { grant }),
    ...(budget !== undefined && { budget }),
    ...(Number.isFinite(deadline) && { deadline }),
    signal: left.signal,
  };
}

function traceIdOf(metadata: Metadata): string | undefined {
  const context = propagator.extract(ROOT_CONTEXT, metadata, reading);
  return trace.getSpanContext(context)?.traceId;
}

function first(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}
