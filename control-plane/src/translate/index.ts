// The door: a mesh as Envoy's resources.

export type { Described } from "./described.ts";
export { remembered } from "./remembered.ts";
export { routeListsOf, routesOf } from "./route-tree.ts";
export { type Translation, translate } from "./translate.ts";
