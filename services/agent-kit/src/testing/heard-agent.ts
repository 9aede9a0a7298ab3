// An agent without the kit that keeps what its callers' metadata say.

import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { agentPb, agentService } from "@smartcall/protos";

export interface HeardAgent {
  /** As gRPC writes it. */
  readonly address: string;
  /** Of each call so far, the newest last. */
  readonly heard: readonly Metadata[];
  close(): void;
}

/** Listens on a free port of loopback, and answers each call once, with nothing. */
export async function startHeardAgent(): Promise<HeardAgent> {
  const heard: Metadata[] = [];
  const server = new Server();
  server.addService(agentService, {
    invoke(
      { metadata }: ServerUnaryCall<agentPb.InvokeRequest, agentPb.InvokeResponse>,
      answer: sendUnaryData<agentPb.InvokeResponse>,
    ) {
      heard.push(metadata);
      answer(null, new agentPb.InvokeResponse());
    },
    stream: () => undefined,
    converse: () => undefined,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, free) => {
      if (error === null) resolve(free);
      else reject(error);
    });
  });
  return { address: `127.0.0.1:${port}`, heard, close: () => server.forceShutdown() };
}
