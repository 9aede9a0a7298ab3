// Shows a WebSocket the caller's next token before the present one ends.
import type { Clock } from "../clock.ts";
import type { SmartCallError } from "../errors.ts";
import { renewalOf, type TokenSource } from "../token.ts";

/** What keeps a socket's token fresh. */
export interface Renewal {
  /** The gateway says when the token that it has ends. */
  expires(at: number): void;
  /** The gateway took the token that it was shown. */
  taken(): void;
  /** Shows another token than the one that was refused; whether the gateway takes it. */
  another(): Promise<boolean>;
  /** The gateway did not take the token that it was shown. */
  refused(error: SmartCallError): void;
  stop(): void;
}

/** What it is made with. */
export interface RenewalOptions {
  readonly tokens: TokenSource;
  readonly clock: Clock;
  /** The token that the socket was opened with. */
  readonly token: string | undefined;
  show(token: string): void;
}

/** After a provider without another, or a gateway that failed for a moment, in milliseconds. */
const againMs = 5_000;
/** By a clock that is wrong, in milliseconds: see `renewalOf`. */
const blindMs = 60_000;
const shortestMs = 1_000;

/** Waits for the gateway's word. */
export function createRenewal({ clock, show, token, tokens }: RenewalOptions): Renewal {
  let shown = token;
  let ends = 0;
  let stopped = false;
  let disarm = (): void => undefined;
  let showing: Promise<boolean> | undefined;
  let settle: (isTaken: boolean) => void = () => undefined;
  const later = (ms: number): void => {
    disarm();
    disarm = clock.after(ms, () => void renew());
  };
  const arm = (): void => {
    const wait = renewalOf(ends, clock.now()) - clock.now();
    later(Number.isFinite(wait) ? Math.max(wait, shortestMs) : blindMs);
  };
  const renew = async (): Promise<void> => {
    const given = await tokens.another(shown).catch(() => undefined);
    if (stopped) return;
    if (given === undefined) later(ends > clock.now() ? againMs : blindMs);
    else {
      shown = given;
      show(given);
    }
  };
  const showAnother = async (): Promise<boolean> => {
    const given = await tokens.another(shown);
    if (given === undefined || stopped) return false;
    const isTaken = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    shown = given;
    show(given);
    return await isTaken;
  };
  return {
    taken: () => settle(true),
    another() {
      showing ??= showAnother().finally(() => {
        showing = undefined;
      });
      return showing;
    },
    expires(at) {
      ends = at;
      if (tokens.renews && !stopped) arm();
    },
    refused({ retryable }) {
      settle(false);
      if (!retryable || stopped) return;
      shown = undefined;
      later(againMs);
    },
    stop() {
      stopped = true;
      settle(false);
      disarm();
    },
  };
}
