// `smartcall token`: mints a token of the mesh's own issuer.

import { Command } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { addSettings, settingsOf } from "./setting-options.ts";
import { claim, lifetime } from "./token-options.ts";

const names = ["stateFolder", "meshFile"] as const;

/** The command `token`. */
export function tokenCommand(): Command {
  const command = new Command("token")
    .summary("mint a token to call agents with")
    .description("Mints a token of the mesh's own issuer and prints it, and nothing else.")
    .option("--subject <name>", "who the token is for", "developer")
    .option("--scope <scopes>", "what it allows, with spaces between", "agents:invoke")
    .option("--lifetime <time>", "how long it lasts, such as 30m or 90d; default: 12h", lifetime)
    .option("--claim <name=value>", "one more claim; may be given again", claim)
    .option("--json", "print the token and its expiry as JSON")
    .addHelpText(
      "after",
      '\nExample:\n  curl -H "authorization: Bearer $(smartcall token --claim plan=gold)" …',
    );
  return addSettings(command, names).action(async () => {
    const settings = settingsOf(command, names);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    const options = command.opts<TokenOptions>();
    const { token } = await import("./token.ts");
    const { lifetime: seconds = defaultLifetime, claim: claims = [] } = options;
    return finish(await token({ ...settings.values, ...options, lifetime: seconds, claims }));
  });
}

interface TokenOptions {
  readonly subject: string;
  readonly scope: string;
  readonly lifetime?: number;
  readonly claim?: readonly (readonly [string, string])[];
  readonly json?: boolean;
}

/** In seconds. */
const defaultLifetime = 43_200;
