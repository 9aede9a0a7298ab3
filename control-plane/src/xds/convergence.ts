// When every connected node has answered for a generation of the snapshot.

import type { Clock } from "@smartcall/runtime";

/**
 * `acked`: every connected node holds it. `refused`: every one has answered,
 * and at least one refused a part. `timeout`: not all have answered in time.
 */
export type Convergence = "acked" | "refused" | "timeout";

/** How far one connected node has come. */
export interface Progress {
  /** The newest generation for which it has answered all. */
  readonly generation: number;
  readonly refused: boolean;
}

/** Those who wait for a generation to reach every node. */
export interface ConvergenceWaiters {
  wait(generation: number, timeoutMs: number): Promise<Convergence>;
  /** Some node has moved or gone, or a generation has been pushed. */
  check(): void;
}

/**
 * Waiters over the nodes that are connected.
 *
 * @param pushed the newest generation that is being pushed
 */
export function createConvergenceWaiters(
  clock: Clock,
  pushed: () => number,
  progress: () => readonly Progress[],
): ConvergenceWaiters {
  const waiting = new Set<{ generation: number; done: (outcome: Convergence) => void }>();
  const outcome = (
    generation: number,
    nodes: readonly Progress[] = progress(),
  ): Convergence | undefined => {
    if (pushed() < generation) return undefined;
    if (nodes.some((node) => node.generation < generation)) return undefined;
    return nodes.some(({ refused }) => refused) ? "refused" : "acked";
  };
  return {
    wait: (generation, timeoutMs) =>
      new Promise((resolve) => {
        const now = outcome(generation);
        if (now !== undefined) {
          resolve(now);
          return;
        }
        const done = (result: Convergence): void => {
          waiting.delete(waiter);
          cancel();
          resolve(result);
        };
        const waiter = { generation, done };
        const cancel = clock.after(timeoutMs, () => done("timeout"));
        waiting.add(waiter);
      }),
    check: () => {
      if (waiting.size === 0) return;
      const nodes = progress();
      for (const { generation, done } of [...waiting]) {
        const reached = outcome(generation, nodes);
        if (reached !== undefined) done(reached);
      }
    },
  };
}
