// The door: a mesh as Envoy's resources.

export type { Trust } from "../model/mesh.ts";
export type { Described } from "./described.ts";
export { meshSecrets } from "./mesh-tls.ts";
export { type Refusal, statusBytes } from "./refusal.ts";
export { type Remembered, remembered } from "./remembered.ts";
export { routeListsOf, routesOf } from "./route-tree.ts";
export { type SidecarPlace, type Sidecars, sidecarsOf } from "./sidecar/sidecars.ts";
export { type Translation, translate } from "./translate.ts";
