// At a start, a change waits for a gateway to try it: those of before come back one by one.

import type { Clock } from "@smartcall/runtime";
import type { NodeProgress } from "../xds/index.ts";

/** How often it is asked whether any gateway is still expected, in milliseconds. */
export const awaitMs = 3_000;

/** What the wait looks at. */
export interface Awaited {
  readonly clock: Clock;
  readonly progress: () => readonly Pick<NodeProgress, "answered">[];
  /** Whether a gateway is known that is not connected. */
  readonly expected: () => boolean;
}

/** A wait that is under way. */
export interface GatewayWait {
  /** A gateway has come, moved or gone. */
  moved(): void;
  cancel(): void;
}

/**
 * Calls `ready` once: when a gateway has answered for what it is given at first,
 * when one is there that does not, or after a few seconds where none is expected.
 */
export function awaitGateway(
  { clock, progress, expected }: Awaited,
  ready: () => void,
): GatewayWait {
  let over = false;
  let silent = false;
  let cancelTimer = (): void => undefined;
  const cancel = (): void => {
    over = true;
    cancelTimer();
  };
  const go = (): void => {
    cancel();
    ready();
  };
  const later = (): void => {
    cancelTimer = clock.after(awaitMs, () => {
      const there = progress().length > 0;
      if ((there && silent) || (!there && !expected())) {
        go();
        return;
      }
      silent = there;
      later();
    });
  };
  later();
  return {
    moved() {
      if (!over && progress().some(({ answered }) => answered)) go();
    },
    cancel,
  };
}
