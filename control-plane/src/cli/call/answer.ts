// What comes back from an agent, read from its JSON.

/** One event of a streamed answer. */
export type CallEvent =
  | { readonly kind: "delta"; readonly text: string }
  | { readonly kind: "heartbeat" }
  | { readonly kind: "done"; readonly finishReason: string; readonly usage: string | undefined }
  | { readonly kind: "error"; readonly problem: string };

/** Reads one event; undefined where it is none of ours. */
export function readEvent(json: string): CallEvent | undefined {
  const event = parse(json);
  const delta = field(event, "delta");
  if (delta !== undefined) return { kind: "delta", text: text(field(delta, "content")) ?? "" };
  if (field(event, "heartbeat") !== undefined) return { kind: "heartbeat" };
  const done = field(event, "done");
  if (done !== undefined) {
    const finishReason = text(field(done, "finishReason")) ?? "stop";
    return { kind: "done", finishReason, usage: usage(field(done, "usage")) };
  }
  const error = field(event, "error");
  return error === undefined ? undefined : { kind: "error", problem: describe(error) };
}

/** The sentence for an error's body: its message, reason and request id. */
export function readProblem(status: number, body: string): string {
  const error = field(parse(body), "error");
  return error === undefined
    ? `The edge answered ${status} without a reason.`
    : describe(error, status);
}

function describe(error: unknown, status?: number): string {
  const message = text(field(error, "message")) ?? "The call failed.";
  const details = field(error, "details");
  const infos = Array.isArray(details) ? details : [];
  const first = (name: string): unknown =>
    infos.map((info: unknown) => field(info, name)).find((value) => value !== undefined);
  const reason = text(first("reason")) ?? text(field(error, "status"));
  const requestId = text(field(first("metadata"), "requestId"));
  const facts = [status === undefined ? undefined : `HTTP ${status}`, reason, id(requestId)];
  const known = facts.filter((fact) => fact !== undefined);
  return known.length === 0 ? message : `${message} (${known.join(", ")})`;
}

function id(requestId: string | undefined): string | undefined {
  return requestId === undefined ? undefined : `request ${requestId}`;
}

function usage(value: unknown): string | undefined {
  const input = field(value, "inputTokens");
  const output = field(value, "outputTokens");
  if (typeof input !== "number" && typeof output !== "number") return undefined;
  return `${input ?? 0} tokens read, ${output ?? 0} written`;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
