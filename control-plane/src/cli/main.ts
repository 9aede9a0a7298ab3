// The command line `smartcall`: its commands, its help and its exit codes.

import { Command, CommanderError } from "commander";
import { agentCommand } from "./agent-command.ts";
import { agentsCommand } from "./agents-command.ts";
import { applyCommand } from "./apply-command.ts";
import { budgetCommand } from "./budget-command.ts";
import { callCommand } from "./call-command.ts";
import { diffCommand } from "./diff-command.ts";
import { exitCodes } from "./exit-codes.ts";
import { gatewayCommand } from "./gateway-command.ts";
import { joinCommand } from "./join-command.ts";
import { keyCommand } from "./key-command.ts";
import { nodesCommand } from "./nodes-command.ts";
import { watchOutput } from "./output.ts";
import { renderCommand } from "./render-command.ts";
import { routesCommand } from "./routes-command.ts";
import { testCommand } from "./test-command.ts";
import { tokenCommand } from "./token-command.ts";
import { upCommand } from "./up-command.ts";
import { validateCommand } from "./validate-command.ts";

watchOutput();

const table = Object.values(exitCodes).map(
  ({ code, meaning }) => `  ${`${code}`.padEnd(4)}${meaning}`,
);

const program = new Command("smartcall")
  .description("A mesh for LLM agents: run it, check it, call its agents.")
  .addHelpText("after", `\nExit codes:\n${table.join("\n")}`)
  .addHelpText("after", '\nExample:\n  smartcall call echo "Hello"')
  .helpCommand(false)
  .addCommand(upCommand())
  .addCommand(validateCommand())
  .addCommand(testCommand())
  .addCommand(diffCommand())
  .addCommand(routesCommand())
  .addCommand(renderCommand())
  .addCommand(tokenCommand())
  .addCommand(keyCommand())
  .addCommand(callCommand())
  .addCommand(agentCommand())
  .addCommand(gatewayCommand())
  .addCommand(joinCommand())
  .addCommand(nodesCommand())
  .addCommand(agentsCommand())
  .addCommand(budgetCommand())
  .addCommand(applyCommand());
throwRatherThanExit(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code;
}

function throwRatherThanExit(command: Command): void {
  command.exitOverride().showHelpAfterError("(--help says more)");
  for (const child of command.commands) throwRatherThanExit(child);
}
