// Keeps the newest text of one name, however often it changes.

import type { Report } from "./outcome.ts";
import type { State } from "./state.ts";

/** Keeps the newest text of one name. */
export interface Keeper {
  /**
   * Writes the text soon. What came before and is not written yet is skipped. A
   * failure is reported, and the next text is tried again.
   */
  keep(text: string): void;
  /** Resolves when nothing is left to write. */
  settled(): Promise<void>;
}

/** A keeper of the text `name`. */
export function createKeeper(state: State, name: string, report: Report): Keeper {
  let wanted: string | undefined;
  let kept: string | undefined;
  let work: Promise<void> | undefined;

  const writeAll = async (): Promise<void> => {
    while (wanted !== undefined) {
      const text = wanted;
      wanted = undefined;
      if (text === kept) continue;
      const written = await state.write(name, text);
      kept = written.ok ? text : undefined;
      if (!written.ok) report(written.problem);
    }
  };
  const begin = (): void => {
    work ??= writeAll().finally(() => {
      work = undefined;
      // Given between the last look and this.
      if (wanted !== undefined) begin();
    });
  };

  return {
    keep(text) {
      wanted = text;
      begin();
    },
    async settled() {
      while (work !== undefined) await work;
    },
  };
}
