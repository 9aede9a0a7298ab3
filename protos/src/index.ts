// The contract: messages, grpc-js services and clients, descriptors.

export { AgentServiceClient, agentService } from "./agent-service.ts";
export { commentSet, descriptorSet } from "./descriptor-set.ts";
export { directoryService } from "./directory-service.ts";
export { LeaseServiceClient, leaseService } from "./lease-service.ts";
export { largestRequest } from "./limits.ts";
export {
  agentPb,
  anyPb,
  codePb,
  directoryPb,
  durationPb,
  errorDetailsPb,
  httpBodyPb,
  leasePb,
  quotaPb,
  statusPb,
  structPb,
  timestampPb,
} from "./messages.ts";
export { type Codec, codecOf, type MessageClass, method } from "./method.ts";
export {
  QuotaPolicyServiceClient,
  QuotaServiceClient,
  quotaPolicyService,
  quotaService,
} from "./quota-service.ts";
export {
  type Again,
  againCodes,
  type CanonicalCode,
  canonicalCodes,
  type Fault,
  faultOfCode,
  faults,
} from "./refusals/codes.ts";
export type { ReasonRow } from "./refusals/reason-row.ts";
export { type Reason, reasonRow, reasons } from "./refusals/reasons.ts";
export { saidStatus } from "./refusals/said-status.ts";
export {
  contractRules,
  type FieldRules,
  type MessageRules,
  type RulesOf,
} from "./rules/contract-rules.ts";
export { mostViolations, type Violation, validate } from "./rules/validate.ts";
