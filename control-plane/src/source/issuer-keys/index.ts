// The door to the keys of issuers that publish them at a URL.

export { reachOf } from "./allowed-addresses.ts";
export { type Fetched, fetchKeySet } from "./fetch-key-set.ts";
export {
  type FollowedKeys,
  followIssuerKeys,
  type IssuerStanding,
  type KeysNote,
} from "./follow-issuer-keys.ts";
export { type KeptKeys, keptKeysName, parseKeptKeys, printKeptKeys } from "./kept-keys.ts";
export type { KeyPlace } from "./key-place.ts";
