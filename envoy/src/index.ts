// The door: finding Envoy, and starting it as a gateway.

export { type EdgeBootstrap, edgeBootstrap, envoyArguments, httpsPortKey } from "./bootstrap.ts";
export { type EnvoyBinary, envoyVersion, type FindEnvoy, findEnvoy } from "./find-envoy.ts";
