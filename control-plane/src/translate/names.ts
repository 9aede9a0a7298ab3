// The names by which the parts of the edge refer to each other.

import { agentService } from "../config/call-paths.ts";

/** Names that stand in more than one resource. */
export const names = {
  listener: "edge",
  routes: "edge",
  certificate: "edge-certificate",
  /** The filters, by which routes override them; `jwt` is also its resource's name. */
  jwt: "jwt",
  model: "model",
  /** What limits answer; the filters that count have a number behind it. Also their metadata's key. */
  limits: "limits",
  rbac: "rbac",
  buffer: "buffer",
  lua: "lua",
  transcoder: "transcoder",
  router: "router",
  /** Where the claims of a token that was accepted are. */
  jwtMetadata: "envoy.filters.http.jwt_authn",
  claims: "jwt",
  /** On an answer: the name of the rule that refused the call. */
  ruleHeader: "smartcall-rule",
  /** Our own part of a route's metadata. */
  metadata: "smartcall",
  /** The gRPC service of every agent, and the metadata key that names one. */
  service: agentService,
  agentHeader: "smartcall-agent",
  /** Before the agent's name in the path of a REST call. */
  restPath: "/v1/agents/",
  /** The metadata key by which a native gRPC caller says which model it asks for. */
  modelHeader: "smartcall-model",
} as const;
