// An agent without the kit that says what it is told and never how its answer ends, and counts its calls.
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { agentPb, agentService } from "@smartcall/protos";
import { pause } from "../harness/eventually.ts";

type Asked = agentPb.InvokeRequest;

/** It runs. */
export interface Breaker {
  readonly port: number;
  stop(): void;
}

/** How an answer ends without its last event. */
type Broken = "dies" | "ends";

/**
 * Starts it on a free port. Asked for `ID: say one two` it says these pieces and the connection dies, for
 * `ID: stop one two` its answer ends well. A call with one answer dies at once, but `saw ID` is
 * answered with the number of calls.
 */
export async function startBreaker(): Promise<Breaker> {
  const server = new Server();
  const calls = new Map<string, number>();
  const say = async (
    request: Asked,
    write: (event: agentPb.StreamEvent) => unknown,
  ): Promise<Broken> => {
    const [, id = "", verb, text] = /^(\S+): (say|stop) (.*)$/s.exec(textOf(request)) ?? [];
    calls.set(id, (calls.get(id) ?? 0) + 1);
    for (const [at, word] of (text ?? "").split(/(?<= )/).entries()) write(event(at + 1, word));
    // What was written leaves before the connection does.
    await pause(100);
    return verb === "stop" ? "ends" : "dies";
  };
  const die = (): void => server.drain(address, 0);
  server.addService(agentService, {
    async invoke(
      { request }: ServerUnaryCall<Asked, agentPb.InvokeResponse>,
      callback: sendUnaryData<agentPb.InvokeResponse>,
    ) {
      const [, asked] = /^saw (\S+)$/.exec(textOf(request)) ?? [];
      if (asked !== undefined) {
        return callback(null, answer(JSON.stringify({ calls: calls.get(asked) ?? 0 })));
      }
      await say(request, () => undefined);
      die();
    },
    async stream(call: ServerWritableStream<Asked, agentPb.StreamEvent>) {
      call.on("error", () => undefined);
      if ((await say(call.request, (event) => call.write(event))) === "ends") call.end();
      else die();
    },
    converse(call: ServerDuplexStream<agentPb.ConverseRequest, agentPb.StreamEvent>) {
      call.on("error", () => undefined);
      call.on("data", (said: agentPb.ConverseRequest) => {
        const turn = said.getTurn() ?? new agentPb.InvokeRequest();
        say(turn, (event) => call.write(event)).then(
          (broken) => (broken === "ends" ? call.end() : die()),
          die,
        );
      });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const address = `127.0.0.1:${port}`;
  return { port, stop: () => server.forceShutdown() };
}

function textOf(request: Asked): string {
  return request.getMessagesList().at(-1)?.getContent() ?? "";
}

function answer(text: string): agentPb.InvokeResponse {
  const message = new agentPb.Message();
  message.setRole("assistant");
  message.setContent(text);
  const response = new agentPb.InvokeResponse();
  response.setMessage(message);
  response.setFinishReason("stop");
  return response;
}

function event(sequence: number, text: string): agentPb.StreamEvent {
  const piece = new agentPb.Delta();
  piece.setContent(text);
  const made = new agentPb.StreamEvent();
  made.setCallId("breaks");
  made.setSequence(sequence);
  made.setDelta(piece);
  return made;
}
