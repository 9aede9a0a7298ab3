// Shows and changes what callers may spend, through a control plane.

import { type CommandEnd, done } from "../exit-codes.ts";
import { getJson, postJson } from "../remote/get-json.ts";
import { findServer, type ServerSettings } from "../remote/index.ts";
import { terminal } from "../up/terminal.ts";
import { isAccount, isAccounts } from "./answers.ts";
import { showAccounts } from "./show-accounts.ts";

/** What is asked for. */
export interface BudgetChange {
  readonly act: "set" | "raise" | "reset";
  readonly budget: string;
  /** Undefined: the whole mesh's. */
  readonly key?: string | undefined;
  readonly amount?: number;
}

/** Prints who spent what; of one budget, or where none is named of all. */
export async function listBudgets(
  settings: ServerSettings,
  budget: string,
  json: boolean,
): Promise<CommandEnd> {
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const path = budget === "" ? "/budgets" : `/budgets?budget=${encodeURIComponent(budget)}`;
  const got = await getJson(found.server, path, isAccounts);
  if (!got.ok) return got.end;
  return say(json, got.value, (screen) => showAccounts(got.value, Date.now(), screen));
}

/** Makes the change, and prints how the account stands after it. */
export async function changeBudget(
  settings: ServerSettings,
  change: BudgetChange,
  json: boolean,
): Promise<CommandEnd> {
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const got = await postJson(found.server, "/budgets", change, isAccount);
  if (!got.ok) return got.end;
  const accounts = { accounts: [got.value], more: false };
  return say(json, got.value, (screen) => showAccounts(accounts, Date.now(), screen));
}

function say(
  json: boolean,
  value: object,
  lines: (screen: ReturnType<typeof terminal>) => readonly string[],
): CommandEnd {
  const screen = terminal(process.stdout, process.env);
  for (const line of json ? [JSON.stringify(value)] : lines(screen)) screen.say(line);
  return done;
}
