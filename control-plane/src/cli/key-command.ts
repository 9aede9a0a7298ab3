// `smartcall key`: API keys and the keys that sign, through the control plane.

import { Command, InvalidArgumentError, Option } from "commander";
import { signingAlgorithms } from "../state/signing-key.ts";
import type { CommandEnd } from "./exit-codes.ts";
import { finish, finishWrongSettings } from "./finish.ts";
import { type ServerSettings, serverSettings } from "./remote/server-settings.ts";
import { addSettings, settingsOf } from "./setting-options.ts";
import { claim, lifetime } from "./token-options.ts";

/** The command `key`. */
export function keyCommand(): Command {
  return new Command("key")
    .summary("make, list and revoke API keys; rotate the keys that sign them")
    .description(
      "An API key is a token of the mesh's own issuer that lives long: clients send it as " +
        "`authorization: Bearer KEY` or `x-api-key: KEY`. Every change is written to the audit.",
    )
    .helpCommand(false)
    .addCommand(create())
    .addCommand(list())
    .addCommand(revoke())
    .addCommand(restore())
    .addCommand(rotate());
}

function create(): Command {
  const command = new Command("create")
    .summary("make an API key and print it, once")
    .description("Makes an API key and prints it. It is kept nowhere: nobody can show it again.")
    .requiredOption("--subject <name>", "whose it is")
    .option("--scopes <scopes>", "what it allows, with commas or spaces between", "agents:invoke")
    .option("--expires <time>", "how long it is good, such as 30d; default: 90d", lifetime)
    .option("--claim <name=value>", "one more claim; may be given again", claim)
    .option("--json", "print the key, its id and its expiry as JSON")
    .addHelpText("after", "\nExample:\n  smartcall key create --subject billing --expires 90d");
  return withServer(command, async (settings) => {
    const { createKey } = await import("./key/create-key.ts");
    const {
      subject,
      scopes,
      expires = ninetyDays,
      claim: claims = [],
      json,
    } = command.opts<{
      subject: string;
      scopes: string;
      expires?: number;
      claim?: readonly (readonly [string, string])[];
      json?: boolean;
    }>();
    const order = {
      subject,
      scopes: scopes.split(/[\s,]+/).filter((scope) => scope !== ""),
      lifetimeMs: expires * 1000,
      claims: Object.fromEntries(claims),
    };
    return createKey(settings, order, json === true);
  });
}

/** In seconds. */
const ninetyDays = 90 * 86_400;

function list(): Command {
  const command = new Command("list")
    .summary("list API keys, what was revoked, and whose tokens are taken")
    .option("--json", "print what the control plane says, as JSON");
  return withServer(command, async (settings) => {
    const { listKeys } = await import("./key/list-keys.ts");
    return listKeys(settings, command.getOptionValue("json") === true);
  });
}

function revoke(): Command {
  const command = new Command("revoke")
    .summary("take a key back, or refuse a caller whatever token it has")
    .description(
      "From then on every gateway that is connected refuses new calls with this key, or of this " +
        "subject; it takes less than two seconds. ID is the id of any token, its `jti`.",
    )
    .argument("[id]", "the id of the key, as `smartcall key list` shows it", name)
    .option("--subject <name>", "every token of this subject, whoever issued it", name)
    .option("--json", "print what the control plane says, as JSON")
    .addHelpText("after", "\nExample:\n  smartcall key revoke --subject billing");
  return withServer(command, async (settings) => {
    const { revokeKey } = await import("./key/change-keys.ts");
    const [id] = command.args;
    const { subject, json } = command.opts<{ subject?: string; json?: boolean }>();
    if ((id === undefined) === (subject === undefined)) {
      command.error("error: name either an id or a --subject");
    }
    return revokeKey(
      settings,
      subject === undefined ? { id: id ?? "" } : { subject },
      json === true,
    );
  });
}

function restore(): Command {
  const command = new Command("restore")
    .summary("take the tokens of a revoked subject again")
    .requiredOption("--subject <name>", "whose tokens were revoked", name)
    .option("--json", "print what the control plane says, as JSON");
  return withServer(command, async (settings) => {
    const { restoreSubject } = await import("./key/change-keys.ts");
    const { subject, json } = command.opts<{ subject: string; json?: boolean }>();
    return restoreSubject(settings, subject, json === true);
  });
}

function rotate(): Command {
  const command = new Command("rotate")
    .summary("sign tokens with a new key from here on")
    .description(
      "Makes a new signing key. It is published at once and signs five seconds later; tokens of " +
        "the keys before it stay good until they expire.",
    )
    .addOption(
      new Option("--algorithm <name>", "how it signs; default: as the last one").choices(
        signingAlgorithms,
      ),
    )
    .option("--json", "print what the control plane says, as JSON");
  return withServer(command, async (settings) => {
    const { rotateKeys } = await import("./key/change-keys.ts");
    const { algorithm, json } = command.opts<{ algorithm?: string; json?: boolean }>();
    return rotateKeys(settings, algorithm, json === true);
  });
}

function withServer(
  command: Command,
  act: (settings: ServerSettings) => Promise<CommandEnd>,
): Command {
  return addSettings(command, serverSettings).action(async () => {
    const settings = settingsOf(command, serverSettings);
    if (!settings.ok) return finishWrongSettings(settings.problems);
    return finish(await act(settings.values));
  });
}

function name(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("it is empty.");
  return text;
}
