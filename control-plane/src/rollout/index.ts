// The door: serving a mesh to its gateways, and changing it.

export { type Apply, type ApplyStep, createApply } from "./apply.ts";
export { beginningOf } from "./beginning.ts";
export { type FollowedFiles, followFiles } from "./follow-files.ts";
export { serveMesh } from "./serve-mesh.ts";
export { createServicesTrial } from "./services-trial.ts";
export type { Serving, ServingOptions, ServingTold } from "./serving.ts";
export { meshesOfVersions, type Present, snapshotsOfVersions } from "./snapshot-of-version.ts";
export type { Standing } from "./standing.ts";
export { tellOperator } from "./tell-operator.ts";
export type { Asked, Version } from "./version.ts";
