// The same agent by hand, on grpc-js and nothing else: what the kit is compared with.
import { setTimeout } from "node:timers/promises";
import {
  Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { agentPb, agentService } from "@smartcall/protos";
import { bindServer } from "../harness/bind-server.ts";

const server = new Server();
server.addService(
  { invoke: agentService.invoke, stream: agentService.stream },
  { invoke, stream: (call: StreamCall) => void stream(call) },
);
console.log(`port ${await bindServer(server)}`);

type InvokeCall = ServerUnaryCall<agentPb.InvokeRequest, agentPb.InvokeResponse>;
type StreamCall = ServerWritableStream<agentPb.InvokeRequest, agentPb.StreamEvent>;

function invoke({ request }: InvokeCall, answer: sendUnaryData<agentPb.InvokeResponse>): void {
  const message = new agentPb.Message();
  message.setRole("assistant");
  message.setContent(textOf(request));
  const response = new agentPb.InvokeResponse();
  response.setId("a-call");
  response.setMessage(message);
  response.setFinishReason("stop");
  answer(null, response);
}

async function stream(call: StreamCall): Promise<void> {
  let sequence = 0;
  const event = (): agentPb.StreamEvent => {
    const made = new agentPb.StreamEvent();
    made.setCallId("a-call");
    made.setSequence(++sequence);
    return made;
  };
  for (const line of textOf(call.request).split("\n")) {
    if (sequence > 0) await setTimeout(1);
    const said = event();
    const delta = new agentPb.Delta();
    delta.setContent(line);
    said.setDelta(delta);
    call.write(said);
  }
  const last = event();
  const done = new agentPb.Done();
  done.setFinishReason("stop");
  last.setDone(done);
  call.write(last);
  call.end();
}

function textOf(request: agentPb.InvokeRequest): string {
  return request.getMessagesList().at(-1)?.getContent() ?? "";
}
