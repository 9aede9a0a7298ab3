// What each exit code of `smartcall` means.

/** The table; `smartcall --help` and `docs/cli.md` show it. */
export const exitCodes = {
  ok: { code: 0, meaning: "done" },
  failed: { code: 1, meaning: "what was asked was refused, or failed" },
  usage: { code: 2, meaning: "the command line or a setting is wrong" },
  notRunning: { code: 3, meaning: "no mesh is running here" },
  interrupted: { code: 130, meaning: "stopped by Ctrl-C" },
} as const;

export type ExitReason = keyof typeof exitCodes;

/** How a command ended, and the sentences to say on standard error. */
export interface CommandEnd {
  readonly reason: ExitReason;
  readonly problems: readonly string[];
}

/** A command that ended well. */
export const done: CommandEnd = { reason: "ok", problems: [] };

/** A command that did not. */
export function ended(reason: ExitReason, ...problems: readonly string[]): CommandEnd {
  return { reason, problems };
}
