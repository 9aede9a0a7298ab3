// What of a call goes along with those that its agent makes.

import { randomBytes } from "node:crypto";
import { Metadata } from "@grpc/grpc-js";
import type { Sent } from "../sent.ts";

/**
 * What the first caller, and the mesh, said of a call. It holds the caller's token: agents
 * are not given it.
 */
export type Onward = readonly (readonly [key: string, value: string])[];

/** The first caller's token; who called on the way; where the trace is kept. */
const passedOn = ["authorization", "x-api-key", "smartcall-via", "traceparent", "tracestate"];

export function onwardOf(sent: Sent): Onward {
  const onward: [key: string, value: string][] = [];
  for (const key of passedOn) {
    const [value] = sent.get(key);
    if (typeof value === "string" && value !== "") onward.push([key, value]);
  }
  return onward;
}

/** Which call goes on to whom. */
export interface Leg {
  readonly agent: string;
  readonly model: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly onward: Onward;
}

/** The metadata of a call to another agent: the same request and trace, a span of its own. */
export function metadataOf({ agent, model, requestId, traceId, onward }: Leg): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of onward) metadata.set(key, value);
  const given = onward.find(([key]) => key === "traceparent")?.[1];
  metadata.set("traceparent", spanOf(traceId, given));
  metadata.set("x-request-id", requestId);
  metadata.set("smartcall-agent", agent);
  if (model !== "") metadata.set("smartcall-model", model);
  return metadata;
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function spanOf(traceId: string, given: string | undefined): string {
  const flags = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-([\da-f]{2})/.exec(given ?? "")?.[1] ?? "00";
  return `00-${traceId}-${randomBytes(8).toString("hex")}-${flags}`;
}
