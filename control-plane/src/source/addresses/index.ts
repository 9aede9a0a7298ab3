// The door to addresses that operators write, and those behind names.

export { isLocal, isLoopback, parseAddress } from "./address.ts";
export {
  type AddressNote,
  type FollowedAddresses,
  followAddresses,
  type Place,
} from "./follow-addresses.ts";
export { type NetworkRead, parseNetwork } from "./network.ts";
export { isPublicAddress } from "./public-address.ts";
export { resolveHost } from "./resolve-host.ts";
