// What a control plane says of budgets; checked where it comes in.

import { Ajv, type ValidateFunction } from "ajv";

/** What one key of a budget used in the window that runs. */
export interface AccountAnswer {
  readonly budget: string;
  /** Empty for the whole mesh, or for callers who have none. */
  readonly key: string;
  /** `tokens` or `money`. */
  readonly unit: string;
  readonly amount: number;
  readonly changed: boolean;
  readonly used: number;
  readonly reserved: number;
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
}

/** `GET /budgets`. */
export interface AccountsAnswer {
  readonly accounts: readonly AccountAnswer[];
  readonly more: boolean;
}

const text = { type: "string" };
const number = { type: "number" };
const flag = { type: "boolean" };
const properties = {
  budget: text,
  key: text,
  unit: text,
  amount: number,
  changed: flag,
  used: number,
  reserved: number,
  since: text,
  until: text,
};
const account = { type: "object", required: Object.keys(properties), properties };

const ajv = new Ajv({ strict: true });

export const isAccount: ValidateFunction<AccountAnswer> = ajv.compile<AccountAnswer>(account);
export const isAccounts: ValidateFunction<AccountsAnswer> = ajv.compile<AccountsAnswer>({
  type: "object",
  required: ["accounts", "more"],
  properties: { accounts: { type: "array", items: account }, more: flag },
});
