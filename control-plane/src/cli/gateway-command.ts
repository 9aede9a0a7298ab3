// `smartcall gateway`: runs one more gateway of the mesh that runs here.

import { isLoopback, settings as table } from "@smartcall/runtime";
import { Command, InvalidArgumentError } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { nodeName } from "./node-name.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

const names = [
  "stateFolder",
  "controlPlane",
  "joinTokenFile",
  "trust",
  "envoyBin",
  "drain",
  "zone",
] as const;

/** The command `gateway`. */
export function gatewayCommand(): Command {
  const command = new Command("gateway")
    .summary("run one more gateway of the mesh until Ctrl-C")
    .description(
      "Runs one more gateway of the mesh that runs here: another Envoy, at another port, that " +
        "serves the same agents by the same rules. Says when it is ready, and stays until Ctrl-C. " +
        "If its Envoy dies, it is started again. With --control-plane it is one of a mesh on another " +
        "machine, to which it proves itself with what `smartcall join` printed there.",
    )
    .requiredOption("--name <name>", "what it is called; no other gateway's name", gatewayName)
    .option(
      "--https-port <port>",
      "where callers connect; default: the next free port, elsewhere the mesh's",
      port,
    )
    .option("--envoy-admin <address>", "where its Envoy serves its admin pages; default: nowhere")
    .addHelpText(
      "after",
      "\nExamples:\n  smartcall gateway --name g2\n  smartcall gateway --name g3 --control-plane mesh.example.com:18443 --join-token-file g3.token --ca ca.pem",
    );
  return addSettings(command, names).action(async () => {
    const settings = settingsOf(command, names);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { envoyAdmin: text, ...options } = command.opts<GatewayOptions>();
    const admin = table.envoyAdminAddress.parse(text ?? "127.0.0.1:0", process.cwd());
    if (!admin.ok) return finishWrongSettings([`--envoy-admin is "${text}": ${admin.remedy}.`]);
    const envoyAdmin = text === undefined ? undefined : admin.value;
    const { name, httpsPort } = options;
    const order = { ...settings.values, name, httpsPort, envoyAdmin };
    if (isLoopback(order.controlPlane.host)) {
      const { gateway } = await import("./gateway/gateway.ts");
      return finish(await gateway(order));
    }
    const { remoteGateway } = await import("./gateway/remote-gateway.ts");
    return finish(await remoteGateway(order));
  });
}

interface GatewayOptions {
  readonly name: string;
  readonly httpsPort?: number;
  readonly envoyAdmin?: string;
}

/** The gateway that `smartcall up` runs. */
const first = "edge";

function gatewayName(text: string): string {
  if (text === first)
    throw new InvalidArgumentError("`smartcall up` runs the gateway edge itself.");
  return nodeName(text);
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value > 0 && value < 65_536) return value;
  throw new InvalidArgumentError("it must be a port from 1 to 65535.");
}
