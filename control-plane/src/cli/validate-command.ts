// `smartcall validate`: checks a mesh file and changes nothing.

import { Command } from "commander";
import { ended } from "./exit-codes.ts";
import { finish, finishWrongSettings } from "./finish.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

const names = ["meshFile", "stateFolder", "envoyBin"] as const;

/** The command `validate`. */
export function validateCommand(): Command {
  const command = new Command("validate")
    .summary("check mesh.yaml and change nothing")
    .description(
      "Checks a mesh file as the control plane would, and says everything that is wrong with it, " +
        "each with its line and what to do. Changes nothing.",
    )
    .argument("[file]", "the file; default: mesh.yaml of this mesh")
    .option("--envoy", "put what gateways would be given through Envoy's own checks too")
    .option("--json", "print the diagnostics as one JSON line each")
    .addHelpText("after", "\nExample:\n  smartcall validate mesh.yaml");
  return addSettings(command, names).action(async (file: string | undefined) => {
    const settings = settingsOf(command, names);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { envoyBin, meshFile, stateFolder } = settings.values;
    const { envoy: wanted, json } = command.opts<{
      readonly envoy?: boolean;
      readonly json?: boolean;
    }>();
    const envoy = wanted === true ? await findEnvoy(envoyBin, stateFolder) : undefined;
    if (envoy?.ok === false) return finish(ended("failed", envoy.problem));
    const { validate } = await import("./validate/validate.ts");
    const order = { path: file ?? meshFile, envoy: envoy?.binary, json: json === true };
    return finish(await validate(order));
  });
}

async function findEnvoy(envoyBin: string | undefined, stateFolder: string) {
  const { findMeshEnvoy } = await import("./find-mesh-envoy.ts");
  return await findMeshEnvoy(envoyBin, stateFolder);
}
