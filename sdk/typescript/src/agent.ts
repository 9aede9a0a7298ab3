// One agent, as its callers call it.
import { type AgentInfo, readAgent } from "./agent-info.ts";
import { type Answer, readAnswer } from "./answer.ts";
import type { AnswerStream } from "./answer-stream.ts";
import { type Ask, bodyOf } from "./ask.ts";
import { inScope, streamOf } from "./call.ts";
import { converse } from "./converse/converse.ts";
import type { ConverseSocket } from "./converse/socket.ts";
import { type JsonObject, parseObject } from "./json.ts";
import type { CallOptions, Wire } from "./options.ts";
import type { EventSource } from "./read-pieces.ts";
import { type Got, jsonOf, request, wrongAnswer } from "./request.ts";
import { type ByteReader, readEventData } from "./sse.ts";

/** An agent of the mesh. Whether it exists the first call tells. */
export interface AgentClient {
  readonly name: string;
  /** The whole answer. Throws SmartCallError, and TypeError for an ask or options that make no sense. */
  invoke(ask: Ask, options?: CallOptions): Promise<Answer>;
  /**
   * The answer as it comes. The call begins when the first piece is asked for; what it fails with
   * is thrown there. Throws TypeError at once for an ask or options that make no sense.
   */
  stream(ask: Ask, options?: CallOptions): AnswerStream;
  /**
   * Opens a WebSocket, for conversations that the agent remembers. `timeoutMs` and `retries` are
   * of the opening. Throws SmartCallError.
   */
  converse(options?: CallOptions): Promise<ConverseSocket>;
  /** What the agent is, and how it can be called. Throws SmartCallError. */
  describe(options?: CallOptions): Promise<AgentInfo>;
}

/** Makes one. */
export function createAgent(wire: Wire, name: string): AgentClient {
  const path = `/v1/agents/${encodeURIComponent(name)}`;
  return {
    name,
    async invoke(ask, options = {}) {
      const asked = { method: "POST", path: `${path}:invoke`, body: bodyOf(ask) } as const;
      return await inScope(wire, options, (call) =>
        request(wire, { ...asked, accept: "application/json" }, call, async (got) =>
          readAnswer(await jsonOf(got), got.requestId),
        ),
      );
    },
    stream(ask, options = {}) {
      const asked = { method: "POST", path: `${path}:stream`, body: bodyOf(ask) } as const;
      return streamOf(wire, options, (call) =>
        request(wire, { ...asked, accept: "text/event-stream" }, call, eventsOf),
      );
    },
    converse: (options = {}) => converse(wire, name, options),
    describe: async (options = {}) =>
      await inScope(wire, options, (call) =>
        request(wire, { method: "GET", path, accept: "application/json" }, call, async (got) =>
          readAgent(await jsonOf(got)),
        ),
      ),
  };
}

/** The events of a body. */
async function eventsOf({ requestId, response }: Got): Promise<EventSource> {
  const { body } = response;
  const type = response.headers.get("content-type") ?? "";
  if (body === null || !type.startsWith("text/event-stream")) {
    const text = await response.text();
    wrongAnswer(`it is ${type || "of no type"}, and no text/event-stream`, requestId, text);
  }
  const reader = body.getReader();
  const close = (): void => {
    reader.cancel().catch(() => undefined);
  };
  return { events: objectsOf(reader), requestId, close };
}

async function* objectsOf(reader: ByteReader): AsyncGenerator<JsonObject, void, void> {
  for await (const data of readEventData(reader)) {
    const event = parseObject(data);
    if (event === undefined) throw new SyntaxError("an event is no JSON object");
    yield event;
  }
}
