// The door to addresses that operators write, and those behind names.

export { isLocal, isLoopback, parseAddress } from "./address.ts";
export {
  type AddressNote,
  type FollowedAddresses,
  followAddresses,
  type Place,
} from "./follow-addresses.ts";
export { resolveHost } from "./resolve-host.ts";
