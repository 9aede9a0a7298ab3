// The door to everything that reads and checks a mesh's files.

export { checkFiles, type MeshChecked } from "./check-files.ts";
export type { Diagnostic } from "./diagnostic.ts";
export { fileDiagnostic, keyPairDiagnostics, keyPairPaths } from "./file-diagnostics.ts";
export { checkMesh, type Followed, type Found, followMesh, restore } from "./follow-mesh.ts";
export { followNamedFiles } from "./follow-named-files.ts";
export { keyFilesOf, keyPlacesOf } from "./key-places.ts";
export { keyVariables } from "./key-variables.ts";
export { standardScope } from "./language/allow.ts";
export type { MeshConfig } from "./mesh-config.ts";
export type { FilePair, NamedFiles } from "./named-files.ts";
export { type MeshParsed, parseMesh } from "./parse-mesh.ts";
export { agentsOf, placesOf } from "./places.ts";
export { prettyDiagnostic } from "./pretty.ts";
export { problem } from "./problem.ts";
export { moneyText } from "./schema/amounts.ts";
export { servedEdge } from "./served-edge.ts";
export { shownProblems } from "./shown-problems.ts";
export { type CasesRead, readCases } from "./test-cases/read-cases.ts";
export type { Call, Caller, Expectation, TestCase } from "./test-cases/test-case.ts";
