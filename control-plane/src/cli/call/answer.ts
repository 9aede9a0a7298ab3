// What comes back from an agent, read from its JSON.

import { listIn, numberIn, parseObject, textIn, valueIn } from "@smartcall/runtime";

/** One event of a streamed answer. */
export type CallEvent =
  | { readonly kind: "delta"; readonly text: string }
  | { readonly kind: "heartbeat" }
  | { readonly kind: "done"; readonly finishReason: string; readonly usage: string | undefined }
  | { readonly kind: "error"; readonly problem: string };

/** Reads one event; undefined where it is none of ours. */
export function readEvent(json: string): CallEvent | undefined {
  const event = parseObject(json);
  const delta = valueIn(event, "delta");
  if (delta !== undefined) return { kind: "delta", text: textIn(delta, "content") ?? "" };
  if (valueIn(event, "heartbeat") !== undefined) return { kind: "heartbeat" };
  const done = valueIn(event, "done");
  if (done !== undefined) {
    const finishReason = textIn(done, "finishReason") ?? "stop";
    return { kind: "done", finishReason, usage: usage(done) };
  }
  const error = valueIn(event, "error");
  return error === undefined ? undefined : { kind: "error", problem: describe(error) };
}

/** The number of an event in its stream; undefined where it has none. */
export function readSequence(json: string): number | undefined {
  return numberIn(parseObject(json), "sequence");
}

/**
 * The sentence for an error's body: its message, and what else is known of it.
 *
 * @param status of the answer, where it is the error's
 */
export function readProblem(status: number | undefined, body: string): string {
  const error = valueIn(parseObject(body), "error");
  return error === undefined
    ? `The edge answered ${status} without a reason.`
    : describe(error, status);
}

function describe(error: unknown, status?: number): string {
  const message = textIn(error, "message") ?? "The call failed.";
  const details = listIn(error, "details") ?? [];
  const first = (...path: readonly string[]): string | undefined =>
    details.map((detail) => textIn(detail, ...path)).find((text) => text !== undefined);
  const reason = first("reason") ?? textIn(error, "status");
  const fact = (name: string) => first("metadata", name);
  const facts = [
    status === undefined ? undefined : `HTTP ${status}`,
    reason,
    named("rule", fact("rule")),
    named("fault", fact("fault")),
    again(fact("retry"), first("retryDelay")),
    named("request", fact("requestId")),
  ];
  const known = facts.filter((fact) => fact !== undefined);
  return known.length === 0 ? message : `${message} (${known.join(", ")})`;
}

function named(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${name} ${value}`;
}

/** @param delay such as `12s` */
function again(retry: string | undefined, delay: string | undefined): string | undefined {
  if (retry === "yes") return delay === undefined ? "try again later" : `try again in ${delay}`;
  return retry === "no" ? "not to be tried again" : undefined;
}

function usage(done: unknown): string | undefined {
  const input = numberIn(done, "usage", "inputTokens");
  const output = numberIn(done, "usage", "outputTokens");
  if (input === undefined && output === undefined) return undefined;
  return `${input ?? 0} tokens read, ${output ?? 0} written`;
}
