// The names by which the parts of the edge refer to each other.

/** Names that stand in more than one resource. */
export const names = {
  listener: "edge",
  routes: "edge",
  certificate: "edge-certificate",
  /** The filters, by which routes override them; `jwt` is also its resource's name. */
  jwt: "jwt",
  rbac: "rbac",
  buffer: "buffer",
  lua: "lua",
  transcoder: "transcoder",
  router: "router",
  /** Where the claims of a token that was accepted are. */
  jwtMetadata: "envoy.filters.http.jwt_authn",
  claims: "jwt",
  /** Our own part of a route's metadata. */
  metadata: "smartcall",
  /** The gRPC service of every agent, and the metadata key that names one. */
  service: "smartcall.v1.AgentService",
  agentHeader: "smartcall-agent",
} as const;
