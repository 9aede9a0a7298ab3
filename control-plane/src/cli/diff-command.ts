// `smartcall diff`: what a file would change in a running mesh.

import { Command } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { serverSettings } from "./remote/server-settings.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

const names = ["meshFile", ...serverSettings] as const;

/** The command `diff`. */
export function diffCommand(): Command {
  const command = new Command("diff")
    .summary("show what mesh.yaml would change in the running mesh")
    .description(
      "Compares what the running mesh serves with a file: which routes and agents change, what of " +
        "it Envoy gets anew, how many gateways get it, and whether streams would be cut. Changes " +
        "nothing.",
    )
    .argument("[file]", "the mesh's file or folder; default: mesh.yaml of this mesh")
    .option("--exit-code", "end with 1 where something differs, rather than with 0")
    .option("--json", "print one JSON line")
    .addHelpText("after", "\nExample:\n  smartcall diff mesh.yaml");
  return addSettings(command, names).action(async (file: string | undefined) => {
    const settings = settingsOf(command, names);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { diff } = await import("./diff/diff.ts");
    const { meshFile, ...server } = settings.values;
    const { exitCode, json } = command.opts<{
      readonly exitCode?: boolean;
      readonly json?: boolean;
    }>();
    const order = { server, exitCode: exitCode === true, json: json === true };
    return finish(await diff({ path: file ?? meshFile, ...order }));
  });
}
