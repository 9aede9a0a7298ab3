// The door: a mesh as one static configuration of Envoy.

export { edgeVariables } from "./edge-variables.ts";
export { plainBootstrap, printYaml } from "./print.ts";
export { staticBootstrap } from "./static-bootstrap.ts";
