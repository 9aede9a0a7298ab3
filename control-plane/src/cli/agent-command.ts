// `smartcall agent new`: writes a folder for a new agent and lists it in the mesh.

import { Command } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

const names = ["meshFile", "stateFolder"] as const;

/** The command `agent`, with `new` below it. */
export function agentCommand(): Command {
  return new Command("agent")
    .summary("write a new agent")
    .description("Everything about the agents of this mesh.")
    .helpCommand(false)
    .addCommand(newCommand());
}

function newCommand(): Command {
  const command = new Command("new")
    .summary("write a folder for a new agent and list it in mesh.yaml")
    .description(
      "Writes a folder with one source file, one test and a package.json, and adds the agent to " +
        "mesh.yaml. `npm start` in the folder joins the running mesh.",
    )
    .argument("<name>", "the agent's name: lower-case letters, digits and hyphens")
    .option("--json", "print the paths that were written as JSON")
    .addHelpText("after", "\nExample:\n  smartcall agent new poet && cd poet && npm start");
  return addSettings(command, names).action(async (name: string) => {
    const settings = settingsOf(command, names);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { newAgent } = await import("./agent/new-agent.ts");
    const { meshFile } = settings.values;
    const json = command.getOptionValue("json") === true;
    return finish(await newAgent({ name, meshFile, cwd: process.cwd(), json }));
  });
}
