// `smartcall test`: runs a mesh's test cases with a real Envoy.

import { resolve } from "node:path";
import { Command } from "commander";
import { ended } from "./exit-codes.ts";
import { finish, finishWrongSettings } from "./finish.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

const names = ["meshFile", "stateFolder", "envoyBin"] as const;

/** The command `test`. */
export function testCommand(): Command {
  const command = new Command("test")
    .summary("run the test cases of mesh.yaml with a real Envoy")
    .description(
      "Runs the cases of mesh.test.yaml beside mesh.yaml: who calls what, and which agent answers " +
        "or why it is refused. A real Envoy gets the configuration that gateways get, with " +
        "stand-ins for the agents. No mesh needs to run, and none is touched.",
    )
    .argument("[file]", "the mesh's file or folder; default: mesh.yaml of this mesh")
    .option("--cases <file>", "the file or folder of the cases; default: beside the mesh")
    .option("--json", "print one JSON line for each case")
    .addHelpText("after", "\nExample:\n  smartcall test mesh.yaml");
  return addSettings(command, names).action(async (file: string | undefined) => {
    const settings = settingsOf(command, names);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { envoyBin, meshFile, stateFolder } = settings.values;
    const { findMeshEnvoy } = await import("./find-mesh-envoy.ts");
    const envoy = await findMeshEnvoy(envoyBin, stateFolder);
    if (!envoy.ok) return finish(ended("failed", envoy.problem));
    const { test } = await import("./test/test.ts");
    const path = file === undefined ? meshFile : resolve(file);
    const options = command.opts<{ readonly cases?: string; readonly json?: boolean }>();
    return finish(await test({ meshFile: path, envoy: envoy.binary.path, ...options }));
  });
}
