// `smartcall call`: calls an agent and shows its answer as it comes.

import { Command, InvalidArgumentError } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

const names = ["stateFolder"] as const;

/** The command `call`. */
export function callCommand(): Command {
  const command = new Command("call")
    .summary("call an agent and show its answer as it comes")
    .description(
      "Calls an agent through the edge of the running mesh and shows its answer as it comes. " +
        "Ctrl-C cancels the call. A stream that breaks off is an error.",
    )
    .argument("<agent>", "the agent's name")
    .argument("<text>", "what to say to it")
    .option("--temperature <number>", "how freely to choose among likely tokens", number)
    .option("--max-tokens <number>", "the most tokens to answer with", number)
    .option("--seed <number>", "the same seed gives the same answer", number)
    .option("--token <token>", "the token to call with; default: a fresh one")
    .option("--json", "print the events as one JSON line each")
    .addHelpText(
      "after",
      '\nExample:\n  smartcall call assistant "What is the capital of France?"',
    );
  return addSettings(command, names).action(async (agent: string, text: string) => {
    const settings = settingsOf(command, names);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { call } = await import("./call/call.ts");
    const { stateFolder } = settings.values;
    return finish(await call({ agent, text, stateFolder, ...command.opts<CallOptions>() }));
  });
}

interface CallOptions {
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly token?: string;
  readonly json?: boolean;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("it must be a number.");
}
