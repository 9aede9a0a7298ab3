// The door: a mesh as Envoy's resources.

export type { Described } from "./described.ts";
export { type Translation, translate } from "./translate.ts";
