// The pages by which operators see who used what of a budget, and change it.

import { type Response, Router } from "express";
import { readerOf, refuse } from "./access.ts";
import type { BudgetOffice, BudgetOrder, Told } from "./budget-office.ts";
import { jsonBody } from "./json-body.ts";

/** `GET /budgets`, with `?budget=NAME` of one only, and `POST /budgets`. */
export function budgetPages(office: BudgetOffice): Router {
  const router = Router();
  router.get("/budgets", async (request, response) => {
    const { budget } = request.query;
    answer(response, await office.list(typeof budget === "string" ? budget : ""));
  });
  router.post("/budgets", jsonBody(), async (request, response) => {
    const order = orderIn(request.body);
    if (order !== undefined) {
      answer(response, await office.change(order, readerOf(request)));
      return;
    }
    const message =
      'Send {"act":"set","budget":"team","key":"red","amount":5000}; `act` may also be `raise`, or `reset` without an amount; a budget of the whole mesh has no key.';
    refuse(response, 400, "INVALID_ARGUMENT", "INVALID_REQUEST", message);
  });
  return router;
}

function answer(response: Response, told: Told<object>): void {
  if (told.ok) {
    response.json(told.value);
  } else if (told.kind === "unavailable") {
    refuse(response, 503, "UNAVAILABLE", "QUOTA_UNAVAILABLE", told.message);
  } else if (told.kind === "unknown") {
    refuse(response, 404, "NOT_FOUND", "UNKNOWN_BUDGET", told.message);
  } else {
    refuse(response, 400, "INVALID_ARGUMENT", "INVALID_REQUEST", told.message);
  }
}

function orderIn(body: unknown): BudgetOrder | undefined {
  const { act, budget, key, amount }: Readonly<Record<string, unknown>> =
    typeof body === "object" && body !== null ? { ...body } : {};
  if (typeof budget !== "string") return undefined;
  if (key !== undefined && typeof key !== "string") return undefined;
  if (act === "reset") return { act, budget, key, amount: 0 };
  if ((act !== "set" && act !== "raise") || typeof amount !== "number") return undefined;
  return { act, budget, key, amount };
}
