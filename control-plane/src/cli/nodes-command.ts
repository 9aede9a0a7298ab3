// `smartcall nodes`: what each gateway was sent, and what it took.

import { Command } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { serverSettings } from "./remote/server-settings.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

/** The command `nodes`. */
export function nodesCommand(): Command {
  const command = new Command("nodes")
    .summary("show what each gateway was sent, and what it took")
    .description(
      "Shows how far each connected gateway is with each type of its configuration: NOT SENT, " +
        "STALE (sent, not answered yet), SYNCED, or NACKED (refused; with Envoy's words and the " +
        "line of mesh.yaml). A gateway that was connected and is not is shown as cut off: it serves " +
        "what it had, and what was revoked since it took something last is not refused there.",
    )
    .option("--forget <gateway>", "show no more one that is cut off and will not come back")
    .option("--json", "print what the control plane says, as JSON")
    .addHelpText("after", "\nExample:\n  smartcall nodes --server https://mesh.example.com:9000");
  return addSettings(command, serverSettings).action(async () => {
    const settings = settingsOf(command, serverSettings);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const { forget } = command.opts<{ forget?: string }>();
    if (forget !== undefined) {
      const { forgetNode } = await import("./remote/forget-node.ts");
      return finish(await forgetNode(settings.values, forget));
    }
    const { nodes } = await import("./remote/show-page.ts");
    return finish(await nodes(settings.values, command.getOptionValue("json") === true));
  });
}
