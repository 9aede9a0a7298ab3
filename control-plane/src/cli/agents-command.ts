// `smartcall agents`: the agents of the mesh and their instances.

import { Command } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { serverSettings } from "./remote/server-settings.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

/** The command `agents`. */
export function agentsCommand(): Command {
  const command = new Command("agents")
    .summary("show the agents and their instances")
    .description(
      "Shows every agent that the mesh lists and each of its instances: where it is, its version " +
        "and zone, whether it gets calls, and what holds it (held: its stream is open; lost: the " +
        "stream broke; kept: lost with many others, and served on; remembered: from before the " +
        "control plane started).",
    )
    .option("--json", "print what the control plane says, as JSON")
    .addHelpText("after", "\nExample:\n  smartcall agents");
  return addSettings(command, serverSettings).action(async () => {
    const settings = settingsOf(command, serverSettings);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { agents } = await import("./remote/show-page.ts");
    return finish(await agents(settings.values, command.getOptionValue("json") === true));
  });
}
