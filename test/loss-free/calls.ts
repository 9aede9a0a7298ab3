// Calls agents at a steady rate, by REST and by gRPC in turn, and remembers how each call went.
import { Agent } from "node:https";
import { ChannelCredentials } from "@grpc/grpc-js";
import { AgentServiceClient, type agentPb } from "@smartcall/protos";
import { metadataOf, saying } from "../harness/grpc.ts";
import { reasonOf } from "../harness/grpc-reason.ts";
import { textAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { asking, callRest } from "../harness/rest.ts";
import { dueCalls } from "./due-calls.ts";

/** What became of the calls. */
export interface CallsResult {
  readonly calls: number;
  /** A sentence for each call that did not answer as it should. */
  readonly failures: readonly string[];
  /** How long each took, in milliseconds, from the shortest. */
  readonly ms: readonly number[];
  /** How many were begun each second. */
  readonly perSecond: number;
  /** Those that were due and never begun, since as many were under way as may be. */
  readonly dropped: number;
}

/** Whom to call, and as whom. */
export interface CallsOptions {
  readonly perSecond: number;
  /** In turn. */
  readonly agents: readonly string[];
  /** Of the call that begins. */
  readonly token: () => string;
}

/** Calls that go on. */
export interface Calls {
  /** Resolves once every call is over that has begun by then. */
  settled(): Promise<void>;
  stop(): Promise<CallsResult>;
}

/** Every so many calls of a kind one opens a connection of its own. */
const freshEvery = 10;
/** On a machine that cannot keep up no more are begun, and `dropped` tells how many. */
const mostPending = 100;
/** A call that takes as long has failed. */
const patienceMs = 20_000;

/** Begins so many calls a second, until it is stopped. */
export function startCalls(
  mesh: Pick<Mesh, "url" | "ca">,
  { perSecond, agents, token }: CallsOptions,
): Calls {
  const kept = new Agent({ keepAlive: true, maxSockets: 20, ca: mesh.ca });
  let client = connect(mesh);
  const pending = new Set<Promise<void>>();
  const failures: string[] = [];
  const ms: number[] = [];
  let calls = 0;
  let dropped = 0;

  const byRest = async (agent: string, text: string, fresh: boolean): Promise<string> => {
    const {
      status,
      text: answer,
      json,
    } = await callRest(mesh, {
      path: `/v1/agents/${agent}:invoke`,
      token: token(),
      body: asking(text),
      signal: AbortSignal.timeout(patienceMs),
      ...(fresh ? {} : { agent: kept }),
    });
    return status === 200 ? textAt(json, "message", "content") : `${status} ${answer}`;
  };
  const byGrpc = (agent: string, text: string, fresh: boolean): Promise<string> => {
    if (fresh) {
      const before = client;
      client = connect(mesh);
      setTimeout(() => before.close(), patienceMs).unref();
    }
    return invoke(client, { agent, token: token() }, text);
  };
  const one = async (number: number): Promise<void> => {
    const [by, name] = number % 2 === 0 ? ([byRest, "REST"] as const) : ([byGrpc, "gRPC"] as const);
    const turn = Math.floor(number / 2);
    const agent = agents[turn % agents.length] ?? "";
    const text = `call ${number}`;
    const begin = performance.now();
    const answer = await by(agent, text, turn % freshEvery === 0).catch(String);
    ms.push(performance.now() - begin);
    if (answer !== text) failures.push(`${new Date().toISOString()} ${name} ${agent}: ${answer}`);
  };

  const begin = performance.now();
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - begin;
    const now = { perSecond, elapsedMs, begun: calls, dropped, pending: pending.size, mostPending };
    const { begin: places, drop } = dueCalls(now);
    dropped += drop;
    for (let place = 0; place < places; place += 1) {
      const call = one(calls).finally(() => pending.delete(call));
      pending.add(call);
      calls += 1;
    }
  }, 10);
  return {
    settled: async () => {
      await Promise.all(pending);
    },
    stop: async () => {
      clearInterval(timer);
      const seconds = (performance.now() - begin) / 1000;
      await Promise.all(pending);
      kept.destroy();
      client.close();
      return { calls, failures, ms: ms.sort((a, b) => a - b), perSecond: calls / seconds, dropped };
    },
  };
}

function connect({ ca, url }: Pick<Mesh, "url" | "ca">): AgentServiceClient {
  const trust = ChannelCredentials.createSsl(Buffer.from(ca));
  // Else grpc-js would take a connection that another client has.
  return new AgentServiceClient(new URL(url).host, trust, { "grpc.use_local_subchannel_pool": 1 });
}

/** The text of the answer, or of the error with its reason. */
function invoke(
  client: AgentServiceClient,
  to: { readonly agent: string; readonly token: string },
  text: string,
): Promise<string> {
  const options = { deadline: Date.now() + patienceMs };
  return new Promise((resolve) => {
    client.invoke(saying(text), metadataOf(to), options, (error, response) => {
      resolve(error === null ? contentOf(response) : `${String(error)} ${reasonOf(error) ?? ""}`);
    });
  });
}

function contentOf(response: agentPb.InvokeResponse | undefined): string {
  return response?.getMessage()?.getContent() ?? "no message";
}
