// The door to the instances that announce themselves.

export type { LeaseNote, Leases } from "./lease.ts";
export { type LeaseServing, serveLeases } from "./lease-service.ts";
export { createLeaseTable, type EndpointChange, type LeaseTable } from "./lease-table.ts";
export type { Endpoints, InstanceView } from "./lease-views.ts";
export { parseLeases } from "./remembered-leases.ts";
export type { ServicesByAgent } from "./services-of.ts";
export type { SidecarPlace } from "./sidecar-place.ts";
