// What operators do with budgets: see who used what, set, raise and reset. The quota service counts.

import { type ServiceError, status } from "@grpc/grpc-js";
import { type QuotaServiceClient, quotaPb } from "@smartcall/protos";
import { type Audit, hashOf } from "../state/index.ts";

/** What it works with. */
export interface BudgetOfficeOptions {
  /** The quota services; each knows all. */
  readonly services: readonly QuotaServiceClient[];
  /** What a budget counts, and for whom; undefined where there is none of this name. */
  readonly describe: (budget: string) => BudgetKind | undefined;
  readonly audit: Pick<Audit, "note">;
}

/** What a budget counts. Money is in its own unit here, such as `12.5`. */
export type BudgetUnit = "tokens" | "money";

/** What a budget is. */
export interface BudgetKind {
  readonly unit: BudgetUnit;
  /** As `mesh.yaml` says it: `subject`, `claim:NAME`, or `mesh` for one of all. */
  readonly by: string;
}

/** What is asked for. */
export interface BudgetOrder {
  readonly act: "set" | "raise" | "reset";
  readonly budget: string;
  /**
   * Whose it is: a subject or the value of a claim; empty for callers without one.
   * Undefined for a budget of the whole mesh.
   */
  readonly key: string | undefined;
  /** Tokens or money; of `reset`, none. */
  readonly amount: number;
}

/** What one key of a budget used in the window that runs. Ready to be written as JSON. */
export interface AccountRow {
  readonly budget: string;
  readonly key: string;
  readonly unit: BudgetUnit;
  readonly amount: number;
  /** It was set or raised, for this window. */
  readonly changed: boolean;
  readonly used: number;
  /** By calls that run. */
  readonly reserved: number;
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
}

/** It was done, or why it was not. */
export type Told<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly kind: "unavailable" | "unknown" | "wrong";
      readonly message: string;
    };

/** The office. `who` asks. */
export interface BudgetOffice {
  /** @param budget Only of this one; empty, of all. */
  list(
    budget: string,
  ): Promise<Told<{ readonly accounts: readonly AccountRow[]; readonly more: boolean }>>;
  change(order: BudgetOrder, who: string): Promise<Told<AccountRow>>;
}

/** How long a quota service may take to answer, in milliseconds. */
const patienceMs = 3_000;

/** Opens it. */
export function createBudgetOffice(options: BudgetOfficeOptions): BudgetOffice {
  const { services, describe, audit } = options;
  return {
    async list(budget) {
      if (budget !== "" && describe(budget) === undefined) return noBudget(budget);
      const request = new quotaPb.ListAccountsRequest();
      request.setBudget(budget);
      const listed = await askOneOf<quotaPb.ListAccountsResponse>(services, (service, answer) =>
        service.list(request, until(), answer),
      );
      if (!listed.ok) return listed;
      const accounts = listed.value.getAccountsList().map(rowOf);
      return { ok: true, value: { accounts, more: listed.value.getMore() } };
    },
    async change(order, who) {
      const done = await change(services, describe(order.budget), order);
      audit.note({
        who,
        what: "budget",
        before: undefined,
        after: hashOf(JSON.stringify(order)),
        about: inWords(order),
        outcome: done.ok ? "taken" : "refused",
        ...(!done.ok && { problems: [done.message] }),
      });
      return done;
    },
  };
}

async function change(
  services: readonly QuotaServiceClient[],
  kind: BudgetKind | undefined,
  { act, budget, key: whose, amount }: BudgetOrder,
): Promise<Told<AccountRow>> {
  if (kind === undefined) return noBudget(budget);
  const { unit, by } = kind;
  if (whose === undefined && by !== "mesh") {
    const message = `Each ${by} has an account of its own in ${budget}: say whose with \`--key\`; \`--key ""\` is that of callers who have none.`;
    return { ok: false, kind: "wrong", message };
  }
  if (whose !== undefined && whose !== "" && by === "mesh") {
    const message = `${budget} is one for the whole mesh: leave out the key ${whose}.`;
    return { ok: false, kind: "wrong", message };
  }
  const key = whose ?? "";
  const whole = unit === "money" ? Math.round(amount * nanos) : amount;
  if (!Number.isSafeInteger(whole) || whole < 0) {
    const message = `${budget} counts ${unit}: ${amount} is no amount of it.`;
    return { ok: false, kind: "wrong", message };
  }
  const asked = await askOneOf<quotaPb.Account>(services, (service, answer) => {
    if (act === "set") {
      const request = new quotaPb.SetAccountRequest();
      request.setBudget(budget);
      request.setKey(key);
      request.setAmount(whole);
      service.set(request, until(), answer);
    } else if (act === "raise") {
      const request = new quotaPb.RaiseAccountRequest();
      request.setBudget(budget);
      request.setKey(key);
      request.setBy(whole);
      service.raise(request, until(), answer);
    } else {
      const request = new quotaPb.ResetAccountRequest();
      request.setBudget(budget);
      request.setKey(key);
      service.reset(request, until(), answer);
    }
  });
  return asked.ok ? { ok: true, value: rowOf(asked.value) } : asked;
}

type Answer<T> = (error: ServiceError | null, value?: T) => void;

/** The first that answers; one that cannot be reached is passed over. */
async function askOneOf<T>(
  services: readonly QuotaServiceClient[],
  ask: (service: QuotaServiceClient, answer: Answer<T>) => void,
): Promise<Told<T>> {
  let last: Told<T> = unavailable("none is named");
  for (const service of services) {
    last = await new Promise<Told<T>>((resolve) => {
      ask(service, (error, value) => {
        if (error !== null) resolve(refusal(error));
        else if (value !== undefined) resolve({ ok: true, value });
      });
    });
    if (last.ok || last.kind !== "unavailable") return last;
  }
  return last;
}

function refusal({ code, details }: ServiceError): Extract<Told<never>, { ok: false }> {
  if (code === status.NOT_FOUND) return { ok: false, kind: "unknown", message: details };
  if (code === status.INVALID_ARGUMENT) return { ok: false, kind: "wrong", message: details };
  return unavailable(code === status.DEADLINE_EXCEEDED ? "it did not answer in time" : details);
}

function unavailable(why: string): Extract<Told<never>, { ok: false }> {
  const message = `The quota service cannot tell or change budgets at this moment: ${why}.`;
  return { ok: false, kind: "unavailable", message: message.replace(/\.\.$/, ".") };
}

function noBudget(name: string): Extract<Told<never>, { ok: false }> {
  return { ok: false, kind: "unknown", message: `The mesh has no budget ${name}.` };
}

function rowOf(account: quotaPb.Account): AccountRow {
  const money = account.getUnit() === "nanos";
  const shown = (count: number): number => (money ? count / nanos : count);
  return {
    budget: account.getBudget(),
    key: account.getKey(),
    unit: money ? "money" : "tokens",
    amount: shown(account.getAmount()),
    changed: account.getChanged(),
    used: shown(account.getUsed()),
    reserved: shown(account.getReserved()),
    since: (account.getWindowStart()?.toDate() ?? new Date(0)).toISOString(),
    until: (account.getWindowEnd()?.toDate() ?? new Date(0)).toISOString(),
  };
}

function inWords({ act, budget, key, amount }: BudgetOrder): string {
  const owner = key === "" ? "callers who have none" : key;
  const whose = owner === undefined ? budget : `${budget} of ${owner}`;
  if (act === "reset") return `reset ${whose}`;
  return act === "set" ? `set ${whose} to ${amount}` : `raise ${whose} by ${amount}`;
}

const until = (): { readonly deadline: number } => ({ deadline: Date.now() + patienceMs });

/** Money is counted in billionths. */
const nanos = 1_000_000_000;
