// The door of the library in browsers: it imports nothing from outside this package.
import { browserPlatform } from "./browser-platform.ts";
import { MeshClient } from "./client.ts";
import { systemClock } from "./clock.ts";
import type { ClientOptions } from "./options.ts";

export type { AgentClient } from "./agent.ts";
export type { AgentInfo, Capabilities, OwnMethod } from "./agent-info.ts";
export type { Answer, Piece, Usage } from "./answer.ts";
export { AnswerStream } from "./answer-stream.ts";
export type { Ask, Message, Part, Request, Role, Settings } from "./ask.ts";
export { Conversation, ConverseSocket, type TurnOptions } from "./converse/socket.ts";
export {
  BudgetSpent,
  Cancelled,
  ConnectionFailed,
  DeadlineExceeded,
  type ErrorDetail,
  type FieldProblem,
  Forbidden,
  InvalidRequest,
  LimitReached,
  NotFound,
  SmartCallError,
  StreamBroken,
  Unauthenticated,
  Unavailable,
} from "./errors.ts";
export type { CallOptions, ClientOptions } from "./options.ts";
export type { Token } from "./token.ts";

/** Calls the agents of a mesh. */
export class Client extends MeshClient {
  /** Throws TypeError for options that make no sense. */
  constructor(options: ClientOptions) {
    super(options, { platform: browserPlatform, clock: systemClock, random: Math.random });
  }
}
