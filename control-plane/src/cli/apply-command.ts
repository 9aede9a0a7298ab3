// `smartcall apply`: gives a mesh file to the control plane, and follows it to every gateway.

import { Command } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { serverSettings } from "./remote/server-settings.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

/** The command `apply`. */
export function applyCommand(): Command {
  const command = new Command("apply")
    .summary("give a mesh file to the control plane, and follow it to every gateway")
    .description(
      "Sends the file, or the YAML files of a folder, to the control plane. It checks them, lets " +
        "one gateway take them first, then all, and saves them once each has said that it took " +
        "them. Refused, nothing has changed, and what is wrong is said.",
    )
    .argument("<file>", "the file or folder")
    .option("--json", "print each step as one JSON line")
    .addHelpText(
      "after",
      "\nExample:\n  smartcall apply mesh.yaml --server https://mesh.example.com:9000",
    );
  return addSettings(command, serverSettings).action(async (file: string) => {
    const settings = settingsOf(command, serverSettings);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { apply } = await import("./remote/apply.ts");
    const json = command.getOptionValue("json") === true;
    return finish(await apply(file, settings.values, json));
  });
}
