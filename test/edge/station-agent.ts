// An agent with methods of its own beside the contract, by the kit.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createFileRegistry,
  fromBinary,
  fromJson,
  type JsonObject,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import {
  type Agent,
  agentError,
  delta,
  jsonService,
  type OwnCall,
  type OwnService,
  ownService,
} from "@smartcall/agent-kit";
import { startAgentServer } from "@smartcall/agent-kit/dist/agent-server.js";
import { createHost } from "@smartcall/agent-kit/dist/create-host.js";
import { createLog, systemClock } from "@smartcall/runtime";
import { root } from "../checks/repository.ts";
import { pause } from "../harness/eventually.ts";

/** What `protoc` made of a file beside the agents of the tests. */
export function descriptorsOf(name: "old" | "station" | "weather"): Uint8Array {
  return readFileSync(join(root, "test", "agents", "weather", `${name}.binpb`));
}

/** The messages of a service as JSON and bytes, for callers of it. */
export function codecOf(descriptors: Uint8Array, type: string) {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
  const desc = registry.getMessage(type);
  if (desc === undefined) throw new Error(`no message ${type}`);
  return {
    serialize: (json: JsonObject) =>
      Buffer.from(toBinary(desc, fromJson(desc, json, { registry }))),
    deserialize(bytes: Buffer): JsonObject {
      const json = toJson(desc, fromBinary(desc, bytes), { registry });
      if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
      throw new Error(`${type} is no object`);
    },
  };
}

/** A running agent. */
export interface StationAgent {
  readonly port: number;
  /** What each call of its own methods was told, in their order. */
  readonly seen: readonly OwnCall[];
  stop(): Promise<void>;
}

/** Starts it. It says back what it is told; `fail` fails, `wait` waits until it must end. */
export async function startStation(more: Partial<Agent> = {}): Promise<StationAgent> {
  const seen: OwnCall[] = [];
  const descriptors = descriptorsOf("station");
  const measure = async (request: JsonObject, call: OwnCall): Promise<JsonObject> => {
    seen.push(call);
    call.used({ inputTokens: 3, outputTokens: 4 });
    const { say = "", number = "0" } = request;
    if (say === "fail") throw agentError("FAILED_PRECONDITION", "It rains.", { reason: "RAIN" });
    if (say === "wait")
      await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
    return { said: say, number, in: "UNIT_CELSIUS", took: "1.500s" };
  };
  const station: OwnService = jsonService({
    service: "acme.station.v1.Station",
    descriptors,
    handlers: {
      Measure: measure,
      async *Watch(request, call) {
        seen.push(call);
        if (request["say"] === "fail") throw agentError("FAILED_PRECONDITION", "It rains.");
        const count = Number(request["number"] ?? 3);
        for (let at = 0; at < count; at++) {
          yield { said: `${at}` };
          await pause(50);
        }
      },
    },
  });
  const order = codecOf(descriptors, "acme.station.v1.Order");
  const reading = codecOf(descriptors, "acme.station.v1.Reading");
  const many = {
    requestStream: true,
    requestSerialize: order.serialize,
    requestDeserialize: order.deserialize,
    responseSerialize: reading.serialize,
    responseDeserialize: reading.deserialize,
  } as const;
  const talking = ownService({
    descriptors,
    definition: {
      sum: { path: "/acme.station.v1.Station/Sum", responseStream: false, ...many },
      talk: { path: "/acme.station.v1.Station/Talk", responseStream: true, ...many },
    },
    handlers: {
      async sum(orders) {
        let count = 0;
        for await (const _ of orders) count++;
        return { number: `${count}` };
      },
      async *talk(orders) {
        for await (const each of orders) yield { said: each["say"] ?? "" };
      },
    },
  });
  const agent: Agent = {
    name: "station",
    async *stream(call) {
      yield delta(call.lastUserText);
    },
    services: [station, talking],
    ...more,
  };
  const ending = new AbortController();
  const quiet = createLog("station", "fatal");
  const host = createHost(agent, {
    log: quiet,
    clock: systemClock,
    newId: randomUUID,
    ending: ending.signal,
  });
  const server = await startAgentServer(host);
  return {
    port: Number(server.address.split(":")[1]),
    seen,
    async stop() {
      ending.abort();
      await server.close(0);
    },
  };
}
