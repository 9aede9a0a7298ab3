// The door to what agents serve beside the contract.

export type { OwnPath, OwnProblems, OwnServices } from "./own-services.ts";
export { readOwnServices } from "./read-own-services.ts";
