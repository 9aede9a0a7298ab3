// What those are told whom a route does not allow: which rule it was, and nothing of what it protects.

import type { Allow } from "../model/allow.ts";
import type { Route } from "../model/mesh.ts";
import { isAsOfTable } from "./filters/rbac.ts";
import type { Refusal } from "./refusal.ts";
import { scopeMissing } from "./table-refusals.ts";

/** The refusal of a route; undefined where nobody meets one, or the table's own. */
export function notAllowed({ name, allow }: Route): Refusal | undefined {
  if (allow.kind === "public" || isAsOfTable(allow)) return undefined;
  if (asksForScopesOnly(allow)) return scopeMissing(allow.scopes);
  // Neither which claim, certificate or address was wanted, nor which of them did not fit.
  const scopes =
    allow.scopes.length === 0
      ? ""
      : `; the scope ${allow.scopes.join(" ")} is not all that it asks for`;
  return {
    reason: "NOT_ALLOWED",
    message: `The route ${name} does not allow this call${scopes}.`,
  };
}

/** What must fit besides the token's scopes. */
function asksForScopesOnly({ claims, certificates, addresses }: Callers): boolean {
  return [claims, certificates, addresses].every((each) => each === undefined);
}

type Callers = Extract<Allow, { readonly kind: "callers" }>;
