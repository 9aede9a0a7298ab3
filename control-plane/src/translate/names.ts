// The names by which the parts of the edge refer to each other.

import { controlPlaneClusterName } from "@smartcall/envoy";
import { agentService } from "../config/call-paths.ts";

/** Names that stand in more than one resource. */
export const names = {
  listener: "edge",
  /** Where the realtime service beside a gateway calls agents through that. */
  inside: "inside",
  routes: "edge",
  certificate: "edge-certificate",
  /** The authorities of client certificates; empty where no certificate is asked for. */
  clientAuthorities: "client-authorities",
  /** What a node proves itself with to other nodes, and whom it believes of them. */
  meshCertificate: "mesh-certificate",
  meshAuthority: "mesh-authority",
  /** The filters, by which routes override them. */
  cors: "cors",
  answerHeaders: "answer-headers",
  /** Also its resource's name. */
  jwt: "jwt",
  /** The same for requests that become a WebSocket; also its resource's name. */
  jwtOfSockets: "jwt-websocket",
  /** Also its resource's name. */
  denied: "denied",
  bounds: "bounds",
  callsAtOnce: "calls-at-once",
  model: "model",
  /** The two that ask the quota service; a route wants one of them at most. */
  quotaClosed: "quota-closed",
  quotaOpen: "quota-open",
  /** Tells the quota service that a call ended. */
  quotaEnd: "quota-end",
  /** Gives a call between agents the id by which the quota service knows it. */
  reservation: "reservation",
  /** What is said of each answer; also the key of the metadata that says how. */
  answer: "answer",
  /** The filters that count have a number behind it. Also their metadata's key. */
  limits: "limits",
  rbac: "rbac",
  buffer: "buffer",
  lua: "lua",
  transcoder: "transcoder",
  frames: "frames",
  usage: "usage",
  router: "router",
  /** Where the claims of a token that was accepted are. */
  jwtMetadata: "envoy.filters.http.jwt_authn",
  claims: "jwt",
  /** The verified claims as base64url of their JSON; the agent gets them. */
  claimsHeader: "smartcall-claims",
  /** The claim `sub`, which limits count by; the agent has it in the claims. */
  subjectHeader: "smartcall-subject",
  /** The names of the client's certificate, with commas; the agent gets them. */
  certificateHeader: "smartcall-certificate",
  /** The claim `jti`; the agent does not get it. */
  tokenIdHeader: "smartcall-token-id",
  /** Where a token of the mesh's own issuer may stand instead of in `authorization`. */
  apiKeyHeader: "x-api-key",
  /** On an answer: the name of the rule that refused the call. */
  ruleHeader: "smartcall-rule",
  /** On an answer of the quota service, or of a sidecar: why it refused the call. Callers do not get the latter. */
  reasonHeader: "smartcall-reason",
  /** By which the quota service knows a call between agents; no agent gets it. */
  reservationHeader: "smartcall-reservation",
  /** Of a message, in bytes: the agent gets it where that is less than the contract allows. */
  largestHeader: "smartcall-largest",
  /** The cluster of the control plane, from the bootstrap; no agent can have this name. */
  controlPlane: controlPlaneClusterName,
  /** The cluster of the quota service; no agent can have this name. */
  quotaCluster: "smartcall:quota",
  /** The cluster of the realtime service, which holds WebSockets. */
  realtimeCluster: "smartcall:realtime",
  /** The realtime service gets it: the origins of `gateway.cors`, with commas. */
  originsHeader: "smartcall-origins",
  /** The realtime service gets it: where a WebSocket comes from. */
  peerHeader: "smartcall-peer",
  /** It gets it, and finds it at `/healthz`: which listener let a WebSocket in, and which does now. */
  listenerHeader: "smartcall-listener",
  /** Where it says that a turn comes from; agents do not get it. */
  addressHeader: "smartcall-address",
  /** Tells the realtime service what only the gateway knows of a WebSocket. */
  socketHeaders: "socket-headers",
  /** Our own part of a route's metadata. */
  metadata: "smartcall",
  /** The gRPC service of every agent, and the metadata key that names one. */
  service: agentService,
  agentHeader: "smartcall-agent",
  /** Before the agent's name in the path of a REST call. */
  restPath: "/v1/agents/",
  /** The metadata key by which a native gRPC caller says which model it asks for. */
  modelHeader: "smartcall-model",
  /** The agents above in a tree of calls, with commas, the nearest last. */
  viaHeader: "smartcall-via",
  /** Who called, by its certificate; the agent gets it. */
  callerHeader: "smartcall-caller",
} as const;
