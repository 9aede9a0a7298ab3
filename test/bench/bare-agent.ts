// The same agent by hand, on grpc-js and nothing else: what the kit is compared with. It sends the
// same messages, and does nothing else that the contract wants.
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { agentPb, agentService, timestampPb } from "@smartcall/protos";
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
  response.setId(randomUUID());
  response.setMessage(message);
  response.setFinishReason("stop");
  response.setUsage(noUsage());
  const now = new timestampPb.Timestamp();
  now.fromDate(new Date());
  response.setCreateTime(now);
  answer(null, response);
}

async function stream(call: StreamCall): Promise<void> {
  const id = randomUUID();
  let sequence = 0;
  const event = (): agentPb.StreamEvent => {
    const made = new agentPb.StreamEvent();
    made.setCallId(id);
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
  done.setUsage(noUsage());
  last.setDone(done);
  call.write(last);
  call.end();
}

function noUsage(): agentPb.Usage {
  const usage = new agentPb.Usage();
  usage.setInputTokens(0);
  usage.setOutputTokens(0);
  return usage;
}

function textOf(request: agentPb.InvokeRequest): string {
  return request.getMessagesList().at(-1)?.getContent() ?? "";
}
