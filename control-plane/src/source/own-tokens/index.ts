// The door to what the mesh's own issuer gives out and takes back.

export {
  type Changed,
  type DeniedLists,
  type KeyOrder,
  type OwnTokens,
  openOwnTokens,
} from "./own-tokens.ts";
