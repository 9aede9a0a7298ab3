// The door to what agents serve beside the contract.

export { httpRuleOf } from "./http-option.ts";
export type { OwnPath, OwnProblems, OwnServices } from "./own-services.ts";
export { readOwnServices } from "./read-own-services.ts";
