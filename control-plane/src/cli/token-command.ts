// `smartcall token`: mints a token of the mesh's own issuer.

import { Command, InvalidArgumentError } from "commander";
import { finish, finishWrongSettings } from "./finish.ts";
import { addSettings, settingsOf } from "./setting-options.ts";

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

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

function lifetime(text: string): number {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Object.entries(units).find(([name]) => name === unit)?.[1];
  const total = Number(digits) * (seconds ?? Number.NaN);
  if (total > 0) return total;
  throw new InvalidArgumentError("write a number and s, m, h or d, such as 12h.");
}

function claim(
  text: string,
  before: readonly (readonly [string, string])[] = [],
): readonly (readonly [string, string])[] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("write it as name=value, such as plan=gold.");
  return [...before, [text.slice(0, at), text.slice(at + 1)]];
}
