// `smartcall routes`: what goes where and who may, in words.

import { Command } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

const names = ["meshFile", "stateFolder"] as const;

/** The command `routes`. */
export function routesCommand(): Command {
  const command = new Command("routes")
    .summary("say what goes where and who may, in words")
    .description(
      "Says of each route, in the order in which they are tried, which calls it takes, where they " +
        "go, who may make them, and how long they may take. No mesh needs to run.",
    )
    .argument("[file]", "the mesh's file or folder; default: mesh.yaml of this mesh")
    .option("--json", "print one JSON line for each route")
    .addHelpText("after", "\nExample:\n  smartcall routes mesh.yaml");
  return addSettings(command, names).action(async (file: string | undefined) => {
    const settings = settingsOf(command, names);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { routes } = await import("./routes/routes.ts");
    const path = file ?? settings.values.meshFile;
    return finish(await routes(path, command.getOptionValue("json") === true));
  });
}
