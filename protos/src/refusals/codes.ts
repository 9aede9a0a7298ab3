// Canonical codes, and what each says where whoever refuses says no more.

/** Whose fault a refusal is. `policy`: an operator decided so. `provider`: a service that the agent uses. */
export type Fault = "client" | "policy" | "agent" | "provider";

/** All faults. */
export const faults: readonly Fault[] = ["client", "policy", "agent", "provider"];

/** Whether the same call may succeed later. */
export type Again = "no" | "yes";

/** The numbers of the codes that refuse. */
export const canonicalCodes = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** The name of such a code. */
export type CanonicalCode = keyof typeof canonicalCodes;

/** Whose fault it is where whoever refuses says no more than a code. */
export const faultOfCode: Readonly<Record<CanonicalCode, Fault>> = {
  CANCELLED: "client",
  UNKNOWN: "agent",
  INVALID_ARGUMENT: "client",
  DEADLINE_EXCEEDED: "agent",
  NOT_FOUND: "client",
  ALREADY_EXISTS: "client",
  PERMISSION_DENIED: "policy",
  RESOURCE_EXHAUSTED: "agent",
  FAILED_PRECONDITION: "client",
  ABORTED: "agent",
  OUT_OF_RANGE: "client",
  UNIMPLEMENTED: "agent",
  INTERNAL: "agent",
  UNAVAILABLE: "agent",
  DATA_LOSS: "agent",
  UNAUTHENTICATED: "client",
};

/** The codes after which the same call may succeed, where nothing else is said (AIP-194, and gRPC's own words). */
export const againCodes: ReadonlySet<string> = new Set<CanonicalCode>([
  "RESOURCE_EXHAUSTED",
  "ABORTED",
  "UNAVAILABLE",
]);
