// The door to everything that reads and checks a mesh's files.

export type { Diagnostic } from "./diagnostic.ts";
export { fileDiagnostic, keyPairDiagnostics, keyPairPaths } from "./file-diagnostics.ts";
export { standardScope } from "./language/route.ts";
export type { MeshConfig } from "./mesh-config.ts";
export { type MeshParsed, parseMesh } from "./parse-mesh.ts";
export { prettyDiagnostic } from "./pretty.ts";
