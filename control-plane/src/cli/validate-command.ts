// `smartcall validate`: checks a mesh file and changes nothing.

import { Command } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

const names = ["meshFile", "stateFolder"] as const;

/** The command `validate`. */
export function validateCommand(): Command {
  const command = new Command("validate")
    .summary("check mesh.yaml and change nothing")
    .description(
      "Checks a mesh file as the control plane would, and says everything that is wrong with it, " +
        "each with its line and what to do. Changes nothing.",
    )
    .argument("[file]", "the file; default: mesh.yaml of this mesh")
    .option("--json", "print the diagnostics as one JSON line each")
    .addHelpText("after", "\nExample:\n  smartcall validate mesh.yaml");
  return addSettings(command, names).action(async (file: string | undefined) => {
    const settings = settingsOf(command, names);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { validate } = await import("./validate.ts");
    const path = file ?? settings.values.meshFile;
    return finish(await validate(path, command.getOptionValue("json") === true));
  });
}
