// The gRPC server of one agent: its calls and its health, on a Unix socket or a loopback port.

import { Server, ServerCredentials } from "@grpc/grpc-js";
import { agentService } from "@smartcall/protos";
import type { Clock } from "@smartcall/runtime";
import { HealthImplementation } from "grpc-health-check";
import { agentError } from "./agent-error.ts";
import type { Host } from "./host.ts";
import { serveOwn } from "./own/serve-own.ts";
import { serveConverse } from "./serve-converse.ts";
import { serveInvoke } from "./serve-invoke.ts";
import { serveStream } from "./serve-stream.ts";

/**
 * The largest message read at all, or sent, in bytes. More than a request may have, so that
 * one too large is refused in the mesh's words and not in grpc-js's, and ends no conversation.
 */
const largestMessage = 16 * 1024 * 1024;
/** How long connections may take to close once no call runs, in milliseconds. */
const closeMs = 500;
const pollMs = 20;

/** An agent that serves. */
export interface AgentServer {
  /** As gRPC writes it: `unix:/path`, or `127.0.0.1:50051`. */
  readonly address: string;
  /** What `grpc.health.v1.Health` tells those who ask. */
  setServing(serving: boolean): void;
  /**
   * Waits for the calls that run, halts those that still do after `patienceMs`
   * with UNAVAILABLE, and closes. The host's `ending` should have aborted.
   */
  close(patienceMs: number): Promise<void>;
}

/**
 * Serves the host's agent. Rejects where it cannot listen there.
 *
 * @param socket the path of the Unix socket; absent, a free port of 127.0.0.1
 */
export async function startAgentServer(host: Host, socket?: string): Promise<AgentServer> {
  const server = new Server({
    "grpc.max_receive_message_length": largestMessage,
    "grpc.max_send_message_length": largestMessage,
  });
  // Requests stay bytes, so that what is wrong with them can be told by path.
  const raw = { requestDeserialize: (bytes: Buffer) => bytes } as const;
  server.addService(
    {
      invoke: { ...agentService.invoke, ...raw },
      stream: { ...agentService.stream, ...raw },
      converse: { ...agentService.converse, ...raw },
    },
    { invoke: serveInvoke(host), stream: serveStream(host), converse: serveConverse(host) },
  );
  serveOwn(server, host);
  const health = new HealthImplementation();
  health.addToServer(server);
  const setServing = (serving: boolean): void => {
    for (const service of ["", "smartcall.v1.AgentService"]) {
      health.setStatus(service, serving ? "SERVING" : "NOT_SERVING");
    }
  };
  setServing(true);
  const address = await bind(server, socket);
  return {
    address,
    setServing,
    async close(patienceMs) {
      if (!(await idle(host, patienceMs))) {
        const cut = agentError("UNAVAILABLE", "the agent is going away", {
          reason: "AGENT_ENDING",
        });
        for (const halt of [...host.halts]) halt(cut);
        await idle(host, host.windDownMs);
      }
      await closeServer(server, host.clock);
    },
  };
}

function bind(server: Server, socket: string | undefined): Promise<string> {
  const target = socket === undefined ? "127.0.0.1:0" : `unix:${socket}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(target, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(socket === undefined ? `127.0.0.1:${port}` : target);
      else reject(error);
    });
  });
}

/** Resolves to true once no call runs or waits, to false after `ms`. */
async function idle(host: Host, ms: number): Promise<boolean> {
  const until = host.clock.now() + ms;
  while (host.halts.size > 0) {
    if (host.clock.now() >= until) return false;
    await new Promise<void>((resolve) => {
      host.clock.after(pollMs, resolve);
    });
  }
  return true;
}

function closeServer(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const disarm = clock.after(closeMs, () => {
      server.forceShutdown();
      resolve();
    });
    server.tryShutdown(() => {
      disarm();
      resolve();
    });
  });
}
