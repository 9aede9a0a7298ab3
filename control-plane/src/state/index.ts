// The door to what the control plane keeps.

export { type Authority, authorityCertificateName, openAuthority } from "./authority.ts";
export { openDirectoryState } from "./directory-state.ts";
export { parseObject, readDocument } from "./document.ts";
export { type EdgeCertificate, edgeCertificate } from "./edge-certificate.ts";
export { isJoinToken, joinTokenName, loadJoinToken } from "./join-token.ts";
export { createKeeper, type Keeper } from "./keeper.ts";
export {
  type LastGood,
  lastGoodName,
  loadLastGood,
  printLastGood,
  type SourceText,
} from "./last-good.ts";
export { type Outcome, type Report, type StateProblem, success } from "./outcome.ts";
export {
  loadSigningKeys,
  longestTokenLifetimeMs,
  publicKeySet,
  rotateSigningKey,
  type SigningKeys,
} from "./signing-keys.ts";
export type { State } from "./state.ts";
export {
  audience,
  defaultScope,
  issuerOf,
  mintToken,
  type Token,
  type TokenRequest,
} from "./token.ts";
export { type Watch, watchSigningKeys } from "./watch-signing-keys.ts";
