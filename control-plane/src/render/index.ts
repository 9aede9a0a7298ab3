// The door: a mesh as one static configuration of Envoy.

export { edgeVariables, egressVariable, nodeVariables } from "./edge-variables.ts";
export { type Outside, offlineMesh } from "./offline-mesh.ts";
export { plainBootstrap, printYaml } from "./print.ts";
export { encodeMesh, renderMesh } from "./render-mesh.ts";
export { renderSidecar } from "./render-sidecar.ts";
export { staticBootstrap } from "./static-bootstrap.ts";
