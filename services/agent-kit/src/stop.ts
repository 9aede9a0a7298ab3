// Tells those who listen, once, that something is over. Most calls end unheard: an AbortSignal
// is made only for who asks for one, since it costs more than all the rest of a short call.

/** As much of an AbortSignal as the kit listens to by itself. Every AbortSignal is one. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What AbortController is, at less cost. */
export interface Stop extends StopSignal {
  /** Those who listen are told, in order. Only the first time counts. */
  abort(reason: unknown): void;
  /** The same as a real one, for an agent's code. */
  readonly signal: AbortSignal;
}

/** Nobody has been told yet. */
export function createStop(): Stop {
  return new Told();
}

class Told implements Stop {
  aborted = false;
  reason: unknown;
  #listeners: Set<() => void> | undefined;
  #real: AbortController | undefined;

  get signal(): AbortSignal {
    if (this.#real === undefined) {
      this.#real = new AbortController();
      if (this.aborted) this.#real.abort(this.reason);
    }
    return this.#real.signal;
  }

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = undefined;
    this.#real?.abort(reason);
    for (const tell of listeners ?? []) tell();
  }

  addEventListener(_: "abort", listener: () => void): void {
    if (this.aborted) return;
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
  }

  removeEventListener(_: "abort", listener: () => void): void {
    this.#listeners?.delete(listener);
  }
}
