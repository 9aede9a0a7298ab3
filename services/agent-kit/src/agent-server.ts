// The gRPC server of one agent: its calls and its health, on a Unix socket or a loopback port.

import { createServer, type Server as Listener } from "node:net";
import { Server } from "@grpc/grpc-js";
import { agentService } from "@smartcall/protos";
import type { Clock } from "@smartcall/runtime";
import { HealthImplementation } from "grpc-health-check";
import { agentError } from "./agent-error.ts";
import type { Host } from "./host.ts";
import { messageLimits } from "./largest-message.ts";
import { serveOwn } from "./own/serve-own.ts";
import { serveConverse } from "./serve-converse.ts";
import { serveInvoke } from "./serve-invoke.ts";
import { serveStream } from "./serve-stream.ts";
import { serveContract } from "./transport/serve-contract.ts";

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
  const server = new Server({ "grpc.enable_channelz": 0, ...messageLimits });
  const { converse, invoke, stream } = agentService;
  server.addService(
    // Requests stay bytes, so that what is wrong with them can be told by path.
    { converse: { ...converse, requestDeserialize: (bytes: Buffer) => bytes } },
    { converse: serveConverse(host) },
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
  const join = serveContract(server, {
    asked: new Map([
      [invoke.path, serveInvoke(host)],
      [stream.path, serveStream(host)],
    ]),
    streamed: new Set([converse.path, ...streamedBy(host), "/grpc.health.v1.Health/Watch"]),
  });
  const { address, listener } = await listen(createServer({ noDelay: true }, join), socket);
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
      listener.close();
      await closeServer(server, host.clock);
    },
  };
}

/** Methods of the agent's own that answer with many messages. */
function streamedBy({ agent }: Host): readonly string[] {
  return (agent.services ?? [])
    .flatMap(({ definition }) => Object.values(definition))
    .flatMap(({ path, responseStream }) => (responseStream ? [path] : []));
}

function listen(listener: Listener, socket: string | undefined): Promise<Listening> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(
      socket === undefined ? { host: "127.0.0.1", port: 0 } : { path: socket },
      () => {
        const bound = listener.address();
        const isPort = typeof bound === "object" && bound !== null;
        resolve({ address: isPort ? `127.0.0.1:${bound.port}` : `unix:${socket}`, listener });
      },
    );
  });
}

interface Listening {
  /** As gRPC writes it. */
  readonly address: string;
  readonly listener: Listener;
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
