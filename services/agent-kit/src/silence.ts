// Tells that nothing has been heard for a while, by one timer however much is heard.

import type { Clock } from "@smartcall/runtime";

/** Waits for silence. */
export interface Silence {
  /** From here on nothing is heard, until this is called again. */
  listen(): void;
  /** It does not matter any more. */
  end(): void;
}

/** @param told every `ms` milliseconds of silence */
export function createSilence(clock: Clock, ms: number, told: () => void): Silence {
  let since = 0;
  let disarm: (() => void) | undefined;
  const look = (): void => {
    const left = since + ms - clock.now();
    disarm = clock.after(left > 0 ? left : ms, look);
    if (left <= 0) told();
  };
  return {
    listen() {
      since = clock.now();
      disarm ??= clock.after(ms, look);
    },
    end() {
      disarm?.();
    },
  };
}
