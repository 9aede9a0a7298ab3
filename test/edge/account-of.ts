// What a caller's account of a budget holds, by the quota service's own word.
import { type QuotaServiceClient, quotaPb } from "@smartcall/protos";

/** In tokens. */
export interface AccountOf {
  readonly used: number;
  readonly reserved: number;
}

/** Asks for it: undefined for one who was never counted. Rejects where the service does not answer. */
export async function accountOf(
  operator: QuotaServiceClient,
  budget: string,
  key: string,
): Promise<AccountOf | undefined> {
  const asked = new quotaPb.ListAccountsRequest();
  asked.setBudget(budget);
  const list = await new Promise<quotaPb.ListAccountsResponse>((resolve, reject) => {
    operator.list(asked, {}, (error, answer) =>
      answer === undefined ? reject(error) : resolve(answer),
    );
  });
  const found = list.getAccountsList().find((each) => each.getKey() === key);
  return found && { used: found.getUsed(), reserved: found.getReserved() };
}
