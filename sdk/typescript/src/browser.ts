// The door of the library in browsers: it imports nothing from outside this package, and its types are those of index.ts.
import { browserPlatform } from "./browser-platform.ts";
import { MeshClient } from "./client.ts";
import { systemClock } from "./clock.ts";
import type { ClientOptions } from "./options.ts";

export { AnswerStream } from "./answer-stream.ts";
export { Conversation, ConverseSocket } from "./converse/socket.ts";
export {
  BudgetSpent,
  Cancelled,
  ConnectionFailed,
  DeadlineExceeded,
  Forbidden,
  InvalidRequest,
  LimitReached,
  NotFound,
  SmartCallError,
  StreamBroken,
  Unauthenticated,
  Unavailable,
} from "./errors.ts";

/** Calls the agents of a mesh. */
export class Client extends MeshClient {
  /** Throws TypeError for options that make no sense. */
  constructor(options: ClientOptions) {
    super(options, { platform: browserPlatform, clock: systemClock, random: Math.random });
  }
}
