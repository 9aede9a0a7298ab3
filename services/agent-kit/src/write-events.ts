// Writes to a gRPC stream no faster than it is read.

import type { StopSignal } from "./stop.ts";

/** The writing side of `Converse`, and of methods of an agent's own. */
export interface EventStream<Event> {
  write(event: Event): boolean;
  once(event: "drain", listener: () => void): unknown;
  off(event: "drain", listener: () => void): unknown;
}

/** Writes one event; resolves when there is room for another, or the caller has left. */
export async function writeEvent<Event>(
  stream: EventStream<Event>,
  event: Event,
  signal: StopSignal,
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
