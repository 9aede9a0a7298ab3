// The door to what the control plane keeps.

export { type ApiKey, apiKeysName, parseApiKeys, printApiKeys, unexpired } from "./api-keys.ts";
export { type Audit, type AuditEntry, auditName, createAudit, hashOf } from "./audit.ts";
export { type Authority, openAuthority } from "./authority.ts";
export { type CheckedToken, checkToken } from "./check-token.ts";
export { openDirectoryState } from "./directory-state.ts";
export { readDocument } from "./document.ts";
export { edgeCertificate } from "./edge-certificate.ts";
export { joinedByToken, joinTokenName, loadJoinToken } from "./join-token.ts";
export { createJoinedBy, isWithdrawn, type JoinChecks, withdrawn } from "./joined-by.ts";
export { createKeeper, type Keeper } from "./keeper.ts";
export { readRevocations, writeRevocations } from "./kept-revocations.ts";
export { digestOf } from "./known-proofs.ts";
export {
  type LastGood,
  lastGoodName,
  loadLastGood,
  printLastGood,
  type SourceText,
} from "./last-good.ts";
export {
  type LastRefused,
  lastRefusedName,
  loadLastRefused,
  printLastRefused,
} from "./last-refused.ts";
export { createMeshCertificates, type MeshCertificates } from "./mesh-certificates.ts";
export { type NetworkUse, networkCertificate } from "./network-certificate.ts";
export {
  type JoinedBy,
  type Joining,
  type JoinKind,
  joinAudience,
  joinKinds,
  joinScope,
  joinSubject,
  type NodeProof,
} from "./node-proof.ts";
export { type Outcome, type Report, type StateProblem, success } from "./outcome.ts";
export {
  clockSkewMs,
  printRevocations,
  type Revocations,
  stillNeeded,
} from "./revocations.ts";
export type { ServerCertificate } from "./server-certificate.ts";
export { type SigningAlgorithm, signingAlgorithms } from "./signing-key.ts";
export {
  loadSigningKeys,
  longestTokenLifetimeMs,
  publicKeySet,
  publishingMs,
  rotateSigningKey,
  type SigningKeys,
  signerOf,
} from "./signing-keys.ts";
export type { State } from "./state.ts";
export {
  createStreamCount,
  ownRates,
  ownStreams,
  type StreamBounds,
  type StreamCount,
} from "./stream-bounds.ts";
export { mintToken, type Token, type TokenRequest } from "./token.ts";
export { type Watch, watchSigningKeys } from "./watch-signing-keys.ts";
export {
  audience,
  authorityCertificateName,
  defaultScope,
  instancesName,
  issuerOf,
  operatorScope,
} from "./well-known.ts";
