// An agent without the kit that says what it is told and then breaks the connection, and counts its calls.
import {
  Server,
  ServerCredentials,
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

/**
 * Starts it on a free port. Asked by stream for `ID: say one two`, it says these pieces and the
 * connection dies; by a call with one answer it dies at once. `saw ID` is answered with the number of its calls.
 */
export async function startBreaker(): Promise<Breaker> {
  const server = new Server();
  const calls = new Map<string, number>();
  const words = (request: Asked): readonly string[] => {
    const [, id = "", text = ""] = /^(\S+): say (.*)$/s.exec(textOf(request)) ?? [];
    calls.set(id, (calls.get(id) ?? 0) + 1);
    return text === "" ? [] : text.split(/(?<= )/);
  };
  server.addService(agentService, {
    invoke(
      { request }: ServerUnaryCall<Asked, agentPb.InvokeResponse>,
      callback: sendUnaryData<agentPb.InvokeResponse>,
    ) {
      const [, asked] = /^saw (\S+)$/.exec(textOf(request)) ?? [];
      if (asked === undefined) {
        words(request);
        server.drain(address, 0);
      } else callback(null, answer(JSON.stringify({ calls: calls.get(asked) ?? 0 })));
    },
    async stream(call: ServerWritableStream<Asked, agentPb.StreamEvent>) {
      call.on("error", () => undefined);
      for (const [at, word] of words(call.request).entries()) call.write(event(at + 1, word));
      // What was written leaves before the connection does.
      await pause(100);
      server.drain(address, 0);
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
