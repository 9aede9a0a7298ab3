// `smartcall render`: a mesh as Envoy's own configuration.

import { Command } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { serverSettings } from "./remote/server-settings.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

const names = ["meshFile", ...serverSettings] as const;

/** The command `render`. */
export function renderCommand(): Command {
  const command = new Command("render")
    .summary("print mesh.yaml as one configuration of Envoy")
    .description(
      "Prints all that gateways, or the sidecars of an agent, are given for a mesh as one static " +
        "configuration of Envoy, in YAML that Envoy reads. No secret is in it: certificates and " +
        "keys, those of hosts outside the mesh too, and the public keys of tokens, stand as " +
        "environment variables. No mesh needs to run.",
    )
    .argument("[file]", "the mesh's file or folder; default: mesh.yaml of this mesh")
    .option("--instances", "put in the instances that run, as the control plane knows them")
    .option(
      "--node <NODE>",
      "for whom: gateway, or agent/NAME for that agent's sidecars",
      "gateway",
    )
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  smartcall render mesh.yaml > envoy.yaml\n  smartcall render --node agent/planner",
    );
  return addSettings(command, names).action(async (file: string | undefined) => {
    const settings = settingsOf(command, names);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { render } = await import("./render/render.ts");
    const { meshFile, ...server } = settings.values;
    const { instances, json, node } = command.opts<{
      readonly instances?: boolean;
      readonly node: string;
      readonly json?: boolean;
    }>();
    const from = instances === true ? server : undefined;
    return finish(await render(file ?? meshFile, { server: from, json: json === true, node }));
  });
}
