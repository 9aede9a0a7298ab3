// An agent that answers at once with what was made before, so that calls cost it next to nothing.
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { agentPb } from "@smartcall/protos";
import { portOf } from "../harness/ports.ts";
import { grpcFrame } from "./grpc-frame.ts";

/** How many events a streamed answer has. */
export const eventsOfStream = 20;

/** A running agent. */
export interface CannedAgent {
  readonly port: number;
  stop(): void;
}

/** Starts it on a free port, for plain gRPC. */
export async function startCannedAgent(): Promise<CannedAgent> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    stream.resume();
    stream.respond(
      { ":status": 200, "content-type": "application/grpc" },
      { waitForTrailers: true },
    );
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    if (headers[":path"]?.endsWith("/Stream") === true) say(stream, 0);
    else stream.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server),
    stop: () => {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

/** Each event by itself, as a model says them. */
function say(stream: ServerHttp2Stream, index: number): void {
  if (stream.destroyed) return;
  if (index === eventsOfStream) {
    stream.end();
    return;
  }
  stream.write(events[index]);
  setTimeout(() => say(stream, index + 1), 1);
}

const text = "The capital of France is Paris.";

const answer = grpcFrame(invokeResponse().serializeBinary());

const events = Array.from({ length: eventsOfStream }, (_, index) => {
  const event = new agentPb.StreamEvent();
  event.setCallId("a-call");
  event.setSequence(index + 1);
  const delta = new agentPb.Delta();
  delta.setContent("word ");
  event.setDelta(delta);
  return grpcFrame(event.serializeBinary());
});

function invokeResponse(): agentPb.InvokeResponse {
  const message = new agentPb.Message();
  message.setRole("assistant");
  message.setContent(text);
  const response = new agentPb.InvokeResponse();
  response.setId("a-call");
  response.setMessage(message);
  response.setFinishReason("stop");
  return response;
}
