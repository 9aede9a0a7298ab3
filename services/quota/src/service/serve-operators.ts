// `smartcall.v1.QuotaService` on a gRPC server: who used what, and how much they may.

import { type Server, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { quotaPb, quotaService, timestampPb } from "@smartcall/protos";
import type { Clock } from "@smartcall/runtime";
import type { AccountCount } from "../ledger/account.ts";
import type { Kept, Ledger } from "../ledger/ledger.ts";
import { accountOf } from "../policy/levels.ts";
import type { BudgetPlan } from "../policy/plan.ts";
import type { PresentPolicies } from "../policy/present-policies.ts";
import { windowOf } from "../policy/window.ts";
import type { Settles } from "./settles.ts";
import type { Trouble } from "./trouble.ts";

/** What it needs. */
export interface OperatorOptions {
  readonly ledger: Ledger;
  readonly policies: PresentPolicies;
  readonly settles: Pick<Settles, "waiting">;
  readonly trouble: Pick<Trouble, "problem">;
  readonly clock: Clock;
  /** Told of bugs; who asked hears INTERNAL. */
  readonly failed: (error: unknown) => void;
}

/** The most accounts that are told of at once. */
const mostListed = 1_000;

/** Adds the service to a server. */
export function serveOperators(server: Server, options: OperatorOptions): void {
  const { ledger, policies, clock } = options;
  type Change = (budget: BudgetPlan, key: string, now: number) => Promise<Kept<AccountCount>>;
  const change = async (name: string, key: string, by: Change): Promise<quotaPb.Account> => {
    const budget = policies.plans().budgets.get(name);
    if (budget === undefined) throw refusal("NOT_FOUND", `There is no budget ${name}.`);
    const now = clock.now();
    return toAccount(taken(await by(budget, key, now)), budget);
  };

  server.addService(quotaService, {
    list: answering(options, async (request: quotaPb.ListAccountsRequest) => {
      const limit = Math.min(mostListed, request.getLimit() > 0 ? request.getLimit() : mostListed);
      const asked = request.getBudget();
      const budgets = [...policies.plans().budgets.values()].filter(
        ({ name }) => asked === "" || asked === name,
      );
      if (asked !== "" && budgets.length === 0) {
        throw refusal("NOT_FOUND", `There is no budget ${asked}.`);
      }
      const accounts: quotaPb.Account[] = [];
      for (const budget of budgets) {
        const { start } = windowOf(budget.per, clock.now());
        const some = limit + 1 - accounts.length;
        if (some <= 0) break;
        const found = taken(await ledger.list(budget.name, start, some));
        accounts.push(...found.map((account) => toAccount(account, budget)));
      }
      const response = new quotaPb.ListAccountsResponse();
      response.setAccountsList(accounts.slice(0, limit));
      response.setMore(accounts.length > limit);
      return response;
    }),
    set: answering(options, (request: quotaPb.SetAccountRequest) => {
      const amount = whole(request.getAmount(), 0);
      return change(request.getBudget(), request.getKey(), (budget, key, now) =>
        ledger.set(accountOf(budget, key, now), amount, now),
      );
    }),
    raise: answering(options, (request: quotaPb.RaiseAccountRequest) => {
      const by = whole(request.getBy(), 1);
      return change(request.getBudget(), request.getKey(), (budget, key, now) =>
        ledger.raise(accountOf(budget, key, now), by, budget.amount, now),
      );
    }),
    reset: answering(options, (request: quotaPb.ResetAccountRequest) =>
      change(request.getBudget(), request.getKey(), (budget, key, now) =>
        ledger.reset(accountOf(budget, key, now), now),
      ),
    ),
    health: answering(options, async (_: quotaPb.QuotaHealthRequest) => {
      const health = new quotaPb.QuotaHealth();
      const problem = options.trouble.problem();
      health.setCounting(problem === undefined);
      health.setProblem(problem ?? "");
      health.setWaitingSettles(options.settles.waiting());
      return health;
    }),
  });
}

/** Why an operator is refused; thrown to the handler, which answers it. */
class Refusal extends Error {
  readonly code: status;
  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

function refusal(code: "NOT_FOUND" | "INVALID_ARGUMENT" | "UNAVAILABLE", message: string): Refusal {
  return new Refusal(status[code], message);
}

function answering<Request, Response>(
  { failed }: Pick<OperatorOptions, "failed">,
  work: (request: Request) => Promise<Response>,
) {
  return (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>): void => {
    const done = async (): Promise<Response> => work(call.request);
    done().then(
      (response) => answer(null, response),
      (error: unknown) => {
        if (error instanceof Refusal) answer({ code: error.code, details: error.message });
        else {
          failed(error);
          answer({ code: status.INTERNAL, details: "The quota service has a bug." });
        }
      },
    );
  };
}

function taken<T>(answer: Kept<T>): T {
  if (!answer.ok) throw refusal("UNAVAILABLE", answer.problem);
  return answer.value;
}

function whole(amount: number, least: number): number {
  if (Number.isSafeInteger(amount) && amount >= least) return amount;
  throw refusal("INVALID_ARGUMENT", `An amount is a whole number from ${least} to 2^53 - 1.`);
}

function toAccount(count: AccountCount, budget: BudgetPlan): quotaPb.Account {
  const { account, used, reserved, set } = count;
  const message = new quotaPb.Account();
  message.setBudget(budget.name);
  message.setKey(account.key);
  message.setWindowStart(timestamp(account.start));
  message.setWindowEnd(timestamp(account.end ?? account.start));
  message.setUnit(budget.unit);
  message.setAmount(set ?? budget.amount);
  message.setChanged(set !== undefined);
  message.setUsed(used);
  message.setReserved(reserved);
  return message;
}

function timestamp(ms: number): timestampPb.Timestamp {
  const made = new timestampPb.Timestamp();
  made.setSeconds(Math.floor(ms / 1000));
  return made;
}
