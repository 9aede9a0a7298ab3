// The door: finding Envoy, and what it is started with.

export { type EdgeBootstrap, edgeBootstrap, envoyArguments, httpsPortKey } from "./bootstrap.ts";
export {
  type ControlPlaneTls,
  controlPlaneClusterName,
  nodeHeader,
} from "./control-plane-cluster.ts";
export { type EnvoyBinary, envoyVersion, type FindEnvoy, findEnvoy } from "./find-envoy.ts";
export {
  instanceSockets,
  type SidecarBootstrap,
  sidecarArguments,
  sidecarBootstrap,
  sidecarBootstrapFile,
  sidecarMetadata,
} from "./sidecar-bootstrap.ts";
export {
  type SystemAuthorities,
  systemAuthorities,
  systemAuthoritiesName,
  systemAuthoritiesSecret,
} from "./system-authorities.ts";
