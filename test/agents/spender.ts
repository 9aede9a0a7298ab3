// A test's agent that uses what it is told to, and writes each token down before it tells of it.
import { appendFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import {
  type Agent,
  agentError,
  delta,
  grantTooSmall,
  isMain,
  serveAgent,
  usage,
} from "@smartcall/agent-kit";

/** What a call's text asks for, as JSON. */
export interface Spend {
  /** Tokens read and written. */
  readonly input: number;
  readonly output: number;
  /** Before each token written. */
  readonly pauseMs?: number;
  /** Fails once all is used. */
  readonly fail?: boolean;
}

/** The variable that names the file: a line `<team> <tokens> <pid>` for all that was really used. */
export const spentVariable = "SPENDER_FILE";

export const spender: Agent = {
  name: "spender",
  async *stream({ lastUserText, grant = Number.POSITIVE_INFINITY, signal, caller }) {
    const { input, output, pauseMs = 0, fail = false }: Spend = JSON.parse(lastUserText);
    if (input >= grant) throw grantTooSmall(input + 1, grant);
    const spend = (tokens: number): void =>
      appendFileSync(
        process.env[spentVariable] ?? "",
        `${caller?.claims["team"]} ${tokens} ${process.pid}\n`,
      );
    spend(input);
    yield usage({ inputTokens: input, outputTokens: 0 });
    for (let outputTokens = 1; outputTokens <= output; outputTokens++) {
      if (pauseMs > 0) await setTimeout(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      spend(1);
      yield delta("t ", { inputTokens: input, outputTokens });
    }
    if (fail) throw agentError("FAILED_PRECONDITION", "It was told to fail.");
  },
};

if (isMain(import.meta.url)) serveAgent(spender);
