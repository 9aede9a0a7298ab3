// An agent without the kit, which tells what its calls used as its caller's message says.

import {
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { agentPb, agentService } from "@smartcall/protos";

/** A running agent. */
export interface SpendingAgent {
  readonly port: number;
  /** The metadata of each call whose request came whole, in the order they came. */
  readonly seen: readonly Metadata[];
  /** How many calls began, whole or not. */
  begun(): number;
  stop(): void;
}

/**
 * Starts it on a free port. `used TEXT` answers with TEXT as its usage trailer, `failed TEXT`
 * fails with it; a stream that is told so says one word first. `hang` never ends, and
 * `unavailable` fails at once. All else is answered without a trailer.
 */
export async function startSpendingAgent(): Promise<SpendingAgent> {
  const seen: Metadata[] = [];
  let begun = 0;
  // A caller may be gone before its request is whole: the agent was told of it all the same.
  const noting: ServerInterceptor = (_, call) =>
    new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, pass) {
            begun += 1;
            pass(metadata);
          },
        });
      },
    });
  const server = new Server({ interceptors: [noting] });
  server.addService(agentService, {
    invoke(
      call: ServerUnaryCall<agentPb.InvokeRequest, agentPb.InvokeResponse>,
      callback: sendUnaryData<agentPb.InvokeResponse>,
    ) {
      seen.push(call.metadata);
      const { verb, trailers } = told(call.request);
      if (verb === "failed") callback(failure(trailers));
      else if (verb === "unavailable") callback({ code: status.UNAVAILABLE, details: "not now" });
      else if (verb !== "hang") callback(null, new agentPb.InvokeResponse(), trailers);
    },
    stream(call: ServerWritableStream<agentPb.InvokeRequest, agentPb.StreamEvent>) {
      seen.push(call.metadata);
      const { verb, trailers } = told(call.request);
      const delta = new agentPb.Delta();
      delta.setContent("word");
      const event = new agentPb.StreamEvent();
      event.setDelta(delta);
      call.write(event);
      if (verb === "failed") call.emit("error", failure(trailers));
      else if (verb !== "hang") call.end(trailers);
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { port, seen, begun: () => begun, stop: () => server.forceShutdown() };
}

function told(request: agentPb.InvokeRequest): {
  readonly verb: string;
  readonly trailers: Metadata;
} {
  const text = request.getMessagesList().at(-1)?.getContent() ?? "";
  const [verb = "", ...rest] = text.split(" ");
  const trailers = new Metadata();
  if (rest.length > 0) trailers.set("smartcall-usage", rest.join(" "));
  return { verb, trailers };
}

function failure(metadata: Metadata) {
  return { code: status.FAILED_PRECONDITION, details: "it failed", metadata };
}
