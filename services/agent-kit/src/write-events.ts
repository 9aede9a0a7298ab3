// Writes to a gRPC stream no faster than it is read.

import type { agentPb } from "@smartcall/protos";

/** The writing side of `Stream` and `Converse`. */
export interface EventStream {
  write(event: agentPb.StreamEvent): boolean;
  once(event: "drain", listener: () => void): unknown;
  off(event: "drain", listener: () => void): unknown;
}

/** Writes one event; resolves when there is room for another, or the caller has left. */
export async function writeEvent(
  stream: EventStream,
  event: agentPb.StreamEvent,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted || stream.write(event)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      stream.off("drain", go);
      signal.removeEventListener("abort", go);
      resolve();
    };
    stream.once("drain", go);
    signal.addEventListener("abort", go, { once: true });
  });
}
