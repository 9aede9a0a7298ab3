// The door to the keys of issuers that publish them at a URL.

export { reachOf } from "./allowed-addresses.ts";
export { type Fetched, fetchKeySet } from "./fetch-key-set.ts";
export { createFileIssuers, type FileIssuer } from "./file-issuers.ts";
export {
  type FollowedKeys,
  followIssuerKeys,
  type KeysNote,
} from "./follow-issuer-keys.ts";
export type { IssuerStanding } from "./issuer-standing.ts";
export { type KeptKeys, keptKeysName, parseKeptKeys, printKeptKeys } from "./kept-keys.ts";
export type { KeyPlace } from "./key-place.ts";
