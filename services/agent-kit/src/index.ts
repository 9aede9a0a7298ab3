// The library every agent is built on.

export type { Fault, Violation } from "@smartcall/protos";
export type { Clock, Log } from "@smartcall/runtime";
export type { Agent, Concurrency, Health } from "./agent.ts";
export {
  AgentError,
  agentError,
  type ErrorCode,
  type ErrorDetails,
} from "./agent-error.ts";
export {
  type Ask,
  type Call,
  type ImageSource,
  type JsonValue,
  type Message,
  type Part,
  type Role,
  textOf,
} from "./call.ts";
export { callFailure } from "./call-failure.ts";
export type {
  EgressPlace,
  Peer,
  PeerAnswer,
  PeerAsk,
  PeerLimits,
  PeerPiece,
} from "./calls/peer.ts";
export type { StandIn, StandIns } from "./calls/stand-ins.ts";
export { grantTooSmall } from "./grant.ts";
export type { Identity } from "./identity.ts";
export { isMain } from "./is-main.ts";
export {
  type JsonHandler,
  type JsonStreamHandler,
  jsonMethod,
  jsonService,
} from "./own/json-service.ts";
export type { OwnMethod } from "./own/own-method.ts";
export { type HandlersOf, type OwnCall, type OwnService, ownService } from "./own/own-service.ts";
export { delta, type FinishReason, finish, type Piece, type Usage, usage } from "./pieces.ts";
export { serveAgent } from "./serve-agent.ts";
export {
  type TestAnswer,
  type TestAsk,
  type TestCaller,
  type TestEvent,
  type TestedAgent,
  type TestWorld,
  testAgent,
} from "./test-agent.ts";
