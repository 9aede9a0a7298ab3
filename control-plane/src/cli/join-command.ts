// `smartcall join`: a join token for one node of another machine.

import { Argument, Command } from "commander";
import { joinKinds } from "../state/node-proof.ts";
import { finish, finishWrongSettings } from "./finish.ts";
import { nodeName } from "./node-name.ts";
import { serverSettings } from "./remote/server-settings.ts";
import { addSettings, settingsOf } from "./setting-options.ts";
import { lifetime } from "./token-options.ts";

/** In seconds. */
const ninetyDays = 90 * 86_400;

/** The command `join`. */
export function joinCommand(): Command {
  const command = new Command("join")
    .summary("make a token by which a gateway or an agent of another machine joins the mesh")
    .description(
      "Makes a join token for one gateway, or for the instances of one agent, and prints it. It " +
        "proves that node and no other, over TLS, until it expires or `smartcall key revoke` takes it back.",
    )
    .addArgument(new Argument("<kind>", "what it is for").choices(joinKinds))
    .argument("<name>", "the gateway's name, or the agent's as mesh.yaml has it", nodeName)
    .option("--expires <time>", "how long it is good, such as 30d; default: 90d", lifetime)
    .option("--out <file>", "write the token into this file, for you alone to read")
    .option("--json", "print the token, its id and its expiry as JSON")
    .addHelpText("after", "\nExample:\n  smartcall join gateway g2 --expires 30d --out g2.token");
  return addSettings(command, serverSettings).action(async () => {
    const settings = settingsOf(command, serverSettings);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const [wanted, name = ""] = command.args;
    const kind = joinKinds.find((each) => each === wanted) ?? "gateway";
    const { expires = ninetyDays, json = false, out } = command.opts<JoinOptions>();
    const { makeJoinToken } = await import("./key/make-join-token.ts");
    const order = { kind, name, lifetimeMs: expires * 1000 };
    return finish(await makeJoinToken(settings.values, order, { json, out }));
  });
}

interface JoinOptions {
  readonly expires?: number;
  readonly json?: boolean;
  readonly out?: string;
}
