// An agent without the kit, which does to each call what the test says at that moment.

import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { agentPb, agentService } from "@smartcall/protos";
import { pause } from "../harness/eventually.ts";

/** What it does to a call. */
export interface Script {
  /** Waits so long before it says anything. */
  readonly afterMs?: number;
  /** Waits for this before it says anything. */
  readonly until?: Promise<void>;
  /** Fails with this code. */
  readonly fail?: number;
  /** What it says beside that, or before its answer. */
  readonly metadata?: Metadata;
  /** Of a stream: how many events it sends before it fails or ends. Default: 2. */
  readonly events?: number;
  /** Breaks the connection instead, after those events. */
  readonly dies?: boolean;
}

/** A running agent. */
export interface ScriptedAgent {
  readonly name: string;
  readonly port: number;
  /** How many calls it got. */
  calls: number;
  /** When the last of them came, by `performance.now()`. */
  askedAt: number;
  /** How many of them their caller gave up before they had their end. */
  cancelled: number;
  /** Each call's metadata. */
  readonly seen: Metadata[];
  /** Each call's deadline, as milliseconds from when it came. */
  readonly deadlines: number[];
  /** The most calls that ran at once. */
  most: number;
  does: Script;
  stop(): void;
}

/** Starts one on a free port. It answers with its name. */
export async function startScriptedAgent(name: string): Promise<ScriptedAgent> {
  const server = new Server();
  let running = 0;
  const begin = (
    call: ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>,
  ): Script & { readonly end: () => void } => {
    let ended = false;
    agent.calls += 1;
    agent.askedAt = performance.now();
    running += 1;
    agent.most = Math.max(agent.most, running);
    agent.seen.push(call.metadata);
    agent.deadlines.push(Number(call.getDeadline()) - Date.now());
    call.on("cancelled", () => {
      if (!ended) agent.cancelled += 1;
    });
    const end = (): void => {
      ended = true;
      running -= 1;
    };
    return { ...agent.does, end };
  };
  server.addService(agentService, {
    async invoke(
      call: ServerUnaryCall<agentPb.InvokeRequest, agentPb.InvokeResponse>,
      callback: sendUnaryData<agentPb.InvokeResponse>,
    ) {
      const { afterMs = 0, dies = false, end, fail, metadata, until } = begin(call);
      await pause(afterMs);
      await until;
      end();
      if (dies) stop();
      else if (fail !== undefined)
        callback({ code: fail, details: "as told", ...(metadata && { metadata }) });
      else callback(null, answer(name), metadata);
    },
    async stream(call: ServerWritableStream<agentPb.InvokeRequest, agentPb.StreamEvent>) {
      const { afterMs = 0, dies = false, end, events = 2, fail, until } = begin(call);
      await pause(afterMs);
      await until;
      for (let sent = 0; sent < events; sent++) {
        call.write(event(name));
        await pause(20);
      }
      end();
      if (dies) stop();
      else if (fail !== undefined) call.emit("error", { code: fail, details: "as told" });
      else call.end();
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const stop = (): void => server.forceShutdown();
  const agent: ScriptedAgent = {
    name,
    port,
    calls: 0,
    askedAt: 0,
    cancelled: 0,
    seen: [],
    deadlines: [],
    most: 0,
    does: {},
    stop,
  };
  return agent;
}

function answer(text: string): agentPb.InvokeResponse {
  const message = new agentPb.Message();
  message.setRole("assistant");
  message.setContent(text);
  const response = new agentPb.InvokeResponse();
  response.setMessage(message);
  return response;
}

function event(text: string): agentPb.StreamEvent {
  const delta = new agentPb.Delta();
  delta.setContent(text);
  const made = new agentPb.StreamEvent();
  made.setDelta(delta);
  return made;
}
