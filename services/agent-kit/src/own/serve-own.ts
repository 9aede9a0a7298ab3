// Serves the services of an agent's own, each method by its kind.

import type {
  MethodDefinition,
  Server,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { type AgentError, agentError } from "../agent-error.ts";
import { callerOf, incoming } from "../caller.ts";
import { toAgentError } from "../failure.ts";
import type { Host, OwnDoor } from "../host.ts";
import type { Usage } from "../pieces.ts";
import { toFirstStatus, toGrpcStatus } from "../rpc-status.ts";
import { usageMetadata } from "../usage-trailer.ts";
import { writeEvent } from "../write-events.ts";
import { attendOwn } from "./attend-own.ts";
import type { OwnCall, OwnHandler } from "./own-service.ts";

/** Adds them to a server. Throws where one lacks a handler. */
export function serveOwn(server: Server, host: Host): void {
  for (const { definition, handlers } of host.agent.services ?? []) {
    const methods: UntypedServiceImplementation = {};
    for (const [name, method] of Object.entries(definition)) {
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`${method.path} has no handler; give it one.`);
      methods[name] = served(host, method, handler);
    }
    server.addService(definition, methods);
  }
}

type Method = MethodDefinition<unknown, unknown>;

function served(
  host: Host,
  { path, responseStream }: Method,
  handler: OwnHandler,
): UntypedServiceImplementation[string] {
  const door = doorOf(path);
  const ask = (request: unknown, call: OwnCall): unknown =>
    Reflect.apply(handler, undefined, [request, call]);
  if (!responseStream) {
    return (
      call: ServerUnaryCall<unknown, unknown> | ServerReadableStream<unknown, unknown>,
      callback: sendUnaryData<unknown>,
    ) => {
      const caller = callerOf(incoming(call), door, host.newId);
      let answer: unknown;
      const work = async (own: OwnCall): Promise<void> => {
        answer = await ask("request" in call ? call.request : call, own);
      };
      attendOwn(host, caller, work).then(
        ({ error, usage }) => {
          if (error === undefined) callback(null, answer, usageMetadata(usage));
          else callback(toFirstStatus(error, caller.requestId, usage));
        },
        (bug: unknown) => callback(toFirstStatus(toAgentError(bug, host.log), caller.requestId)),
      );
    };
  }
  return (call: ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>) => {
    const caller = callerOf(incoming(call), door, host.newId);
    let begun = false;
    const work = async (own: OwnCall): Promise<void> => {
      const answers = answersOf(path, ask("request" in call ? call.request : call, own));
      for await (const each of answers) {
        if (own.signal.aborted) return;
        begun = true;
        await writeEvent(call, each, own.signal);
      }
    };
    const fail = (error: AgentError, usage?: Usage): void => {
      const told = begun ? toGrpcStatus : toFirstStatus;
      call.emit("error", told(error, caller.requestId, usage));
    };
    attendOwn(host, caller, work).then(
      ({ error, usage }) => {
        if (error === undefined) call.end(usageMetadata(usage));
        else fail(error, usage);
      },
      (bug: unknown) => fail(toAgentError(bug, host.log)),
    );
  };
}

/** What a handler of many answers gave. Throws where it is no stream. */
export function answersOf(path: string, given: unknown): AsyncIterable<unknown> {
  if (isIterable(given)) return given;
  throw agentError("INTERNAL", `the handler of ${path} gives no stream of answers`);
}

/** The door of the calls of a method. */
export function doorOf(path: string): OwnDoor {
  const [, service = "", method = ""] = path.split("/");
  return `${service}/${method}`;
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
