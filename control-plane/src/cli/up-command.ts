// `smartcall up`: starts the mesh and stays with it.

import { type Address, formatAddress, isLoopback } from "@smartcall/runtime";
import { Command } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

const names = [
  "meshFile",
  "stateFolder",
  "agents",
  "controlPlane",
  "nodes",
  "nodeNames",
  "adminAddress",
  "adminNames",
  "adminCertificate",
  "adminKey",
  "envoyAdminAddress",
  "envoyBin",
  "drain",
  "zone",
  "model",
  "quota",
  "quotaListen",
  "redisUrl",
  "logLevel",
] as const;

function onlyHere(address: Address): string {
  return `SMARTCALL_CONTROL_PLANE is "${formatAddress(address)}": it has no TLS, so it must be on loopback; set SMARTCALL_NODES to the address for other machines.`;
}

/** The command `up`. */
export function upCommand(): Command {
  const command = new Command("up")
    .summary("start the mesh and stay until Ctrl-C")
    .description(
      "Starts the control plane, the edge Envoy and the agents, each in a process of its own, " +
        "says when all are ready and how to call them, and stays until Ctrl-C. " +
        "A process that dies is started again. Where the mesh already runs, says so and ends.",
    )
    .addHelpText("after", "\nExample:\n  smartcall up --agents services/echo,services/assistant");
  return addSettings(command, names).action(async () => {
    const settings = settingsOf(command, names, false);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { controlPlane } = settings.values;
    if (!isLoopback(controlPlane.host)) return finishWrongSettings([onlyHere(controlPlane)]);
    const { up } = await import("./up/up.ts");
    return finish(await up(settings.values));
  });
}
