// Agents that only say who they are, in place of the mesh's own.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { agentPb, agentService } from "@smartcall/protos";
import type { Instance } from "../../source/instance.ts";

/** The header of an answer that names the agent which gave it. */
export const answeredBy = "stand-in";

/** Running stand-ins. */
export interface StandIns {
  /** The one instance of each agent. */
  readonly instances: ReadonlyMap<string, readonly [Instance]>;
  stop(): void;
}

/** Starts a server for each agent, on Unix sockets in the folder, whose path must be short. */
export async function startStandIns(agents: readonly string[], folder: string): Promise<StandIns> {
  const sockets = join(folder, "agents");
  await mkdir(sockets);
  const started = await Promise.all(
    agents.map(async (agent, index) => {
      const path = join(sockets, `${index}`);
      const server = new Server();
      server.addService(agentService, standInFor(agent));
      await listen(server, path);
      return { agent, path, server };
    }),
  );
  return {
    instances: new Map(started.map(({ agent, path }) => [agent, [instanceAt(path)]])),
    stop: () => {
      for (const { server } of started) server.forceShutdown();
    },
  };
}

function standInFor(agent: string) {
  const name = (): Metadata => {
    const metadata = new Metadata();
    metadata.set(answeredBy, agent);
    return metadata;
  };
  return {
    invoke(
      call: ServerUnaryCall<agentPb.InvokeRequest, agentPb.InvokeResponse>,
      callback: sendUnaryData<agentPb.InvokeResponse>,
    ) {
      call.sendMetadata(name());
      callback(null, new agentPb.InvokeResponse());
    },
    stream(call: ServerWritableStream<agentPb.InvokeRequest, agentPb.StreamEvent>) {
      call.sendMetadata(name());
      call.write(lastEvent());
      call.end();
    },
    converse(call: ServerDuplexStream<agentPb.ConverseRequest, agentPb.StreamEvent>) {
      call.sendMetadata(name());
      call.write(lastEvent());
      call.end();
    },
  };
}

function lastEvent(): agentPb.StreamEvent {
  const event = new agentPb.StreamEvent();
  event.setDone(new agentPb.Done());
  return event;
}

function instanceAt(path: string): Instance {
  const address = { kind: "unix", path } as const;
  return { id: "stand-in", address, healthy: true, zone: "", version: "" };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
