// The door to what quota services are told.

export { policiesOf } from "./policies-of.ts";
export { type PolicyServing, servePolicies } from "./serve-policies.ts";
