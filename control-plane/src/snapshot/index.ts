// The door: snapshots, what differs between them, and whether they hold together.

export {
  compareSnapshots,
  type Difference,
  emptySnapshot,
  resourceTypes,
  type SnapshotDifference,
  typeOf,
} from "./compare.ts";
export { type DanglingReference, danglingReferences } from "./consistency.ts";
export { createOwnPorts } from "./own-port.ts";
export { createOwnSecrets } from "./own-secrets.ts";
export { referencesOf } from "./references.ts";
export { createSidecarViews, type SidecarOrder } from "./sidecar-views.ts";
export {
  type References,
  type Resource,
  type ResourceType,
  type Snapshot,
  typeUrls,
} from "./snapshot.ts";
export { snapshotOf } from "./snapshot-of.ts";
export { type View, versionOf, viewOf } from "./view.ts";
