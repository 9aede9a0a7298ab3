// `smartcall budget`: who spent what, and how much they may.

import { Command, InvalidArgumentError } from "commander";
import type { CommandEnd } from "./exit-codes.ts";
import { finish, finishWrongSettings } from "./finish.ts";
import { type ServerSettings, serverSettings } from "./remote/server-settings.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

/** The command `budget`. */
export function budgetCommand(): Command {
  return new Command("budget")
    .summary("show who spent what, and set, raise or reset what they may spend")
    .description(
      "What callers used of the mesh's budgets in the hour, day or month that runs. A change " +
        "holds for that window; the next one begins as mesh.yaml says. Every change is audited.",
    )
    .helpCommand(false)
    .addCommand(list(), { isDefault: true })
    .addCommand(change("set", "set what one may spend in the window that runs"))
    .addCommand(change("raise", "let one spend more in the window that runs"))
    .addCommand(reset());
}

function list(): Command {
  const command = new Command("list")
    .summary("show who spent what (the default)")
    .argument("[budget]", "only this budget")
    .option("--json", "print what the control plane says, as JSON")
    .addHelpText("after", "\nExample:\n  smartcall budget list team");
  return withServer(command, async (settings, json) => {
    const { listBudgets } = await import("./budget/budgets.ts");
    return listBudgets(settings, command.args[0] ?? "", json);
  });
}

function change(act: "set" | "raise", summary: string): Command {
  const command = new Command(act)
    .summary(summary)
    .argument("<budget>", "the budget's name")
    .argument("<amount>", "tokens, or money as mesh.yaml counts it, such as 12.5", amountIn)
    .option("--key <key>", whose)
    .option("--json", "print what the control plane says, as JSON")
    .addHelpText("after", `\nExample:\n  smartcall budget ${act} team 500000 --key red`);
  return withServer(command, async (settings, json) => {
    const { changeBudget } = await import("./budget/budgets.ts");
    const [budget = "", amount = 0] = command.processedArgs;
    const key = command.opts<{ key?: string }>().key;
    return changeBudget(settings, { act, budget, key, amount }, json);
  });
}

function reset(): Command {
  const command = new Command("reset")
    .summary("forget what one spent in the window that runs")
    .argument("<budget>", "the budget's name")
    .option("--key <key>", whose)
    .option("--json", "print what the control plane says, as JSON")
    .addHelpText("after", "\nExample:\n  smartcall budget reset team --key red");
  return withServer(command, async (settings, json) => {
    const { changeBudget } = await import("./budget/budgets.ts");
    const key = command.opts<{ key?: string }>().key;
    return changeBudget(settings, { act: "reset", budget: command.args[0] ?? "", key }, json);
  });
}

const whose =
  'the subject, or the value of the claim, as `smartcall budget` shows it; "" for callers without the claim. Left out where the budget is one for the whole mesh';

function withServer(
  command: Command,
  act: (settings: ServerSettings, json: boolean) => Promise<CommandEnd>,
): Command {
  return addSettings(command, serverSettings).action(async () => {
    const settings = settingsOf(command, serverSettings);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    return finish(await act(settings.values, command.getOptionValue("json") === true));
  });
}

function amountIn(text: string): number {
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(text)) {
    throw new InvalidArgumentError("it must be a number, such as 500000 or 12.5.");
  }
  return Number(text);
}
