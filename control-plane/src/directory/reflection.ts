// gRPC's reflection: the descriptors of what a caller may call, for programs like grpcurl.
//
// https://github.com/grpc/grpc/blob/master/doc/server-reflection.md

import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type {
  handleBidiStreamingCall,
  Server,
  ServiceDefinition,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";
import { descriptorSet } from "@smartcall/protos";
import { agentService } from "../config/call-paths.ts";
import { directoryService } from "../config/directory-paths.ts";
import type { JoinedBy } from "../state/index.ts";
import { remembered } from "../translate/index.ts";
import { askingBy, isRefusal } from "./asking-gateway.ts";
import { type KnownAgent, seenBy } from "./known-agents.ts";

/** What reflection is answered from. */
export interface ReflectionOptions {
  /** Who the asking node proves to be by its metadata value `authorization`. */
  readonly joinedBy: JoinedBy;
  /** The agents at present, sorted by name. */
  readonly agents: () => readonly KnownAgent[];
}

/** How many answers are kept, and as many of before: callers with the same rights have one. */
const mostKept = 4;

/** Adds both versions of the service to a server. */
export function serveReflection(server: Server, { agents, joinedBy }: ReflectionOptions): void {
  const kept = remembered<readonly Captured[]>(mostKept);
  const of = (seen: readonly KnownAgent[]): readonly Captured[] => {
    const key = seen.flatMap(({ agent }) => agent.services?.id ?? []).join();
    return kept.of(key, () => captured(seen));
  };
  // What is served is read once somebody asks.
  for (const [version, { definition }] of capturedOf([], {}).entries()) {
    const handler: Handler = (stream) => {
      const asking = askingBy(joinedBy, stream.metadata, stream.getPeer());
      if (isRefusal(asking)) {
        stream.emit("error", asking);
        return;
      }
      of(seenBy(agents(), asking.reader))[version]?.handler(stream);
    };
    server.addService(definition, { [method]: handler });
  }
}

/** Whatever the messages are: only the library looks into them. */
type Handler = handleBidiStreamingCall<unknown, unknown>;

/** One version of the service, as the library would have served it. */
interface Captured {
  readonly definition: ServiceDefinition;
  readonly handler: Handler;
}

const method = "ServerReflectionInfo";

/** The library serves one set of descriptors to all, so there is one of it for each set. */
function captured(seen: readonly KnownAgent[]): readonly Captured[] {
  const own = seen.flatMap(({ agent }) => agent.services ?? []);
  const files = [descriptorSet(), ...own.map(({ translated }) => translated)].flatMap(
    (set, index) => filesOf(set, index),
  );
  const services = [agentService, directoryService, ...own.flatMap((each) => each.services)];
  return capturedOf(files, { services });
}

function capturedOf(files: Buffer[], told: { readonly services?: string[] }): readonly Captured[] {
  const all: Captured[] = [];
  const described = { format: "Protocol Buffer 3 EnumDescriptorProto" as const, type: {} };
  new ReflectionService({ files: { ...described, fileDescriptorProtos: files } }, told).addToServer(
    {
      addService(definition: ServiceDefinition, made: UntypedServiceImplementation) {
        const handler = made[method];
        if (handler !== undefined) {
          all.push({ definition, handler: (stream) => Reflect.apply(handler, made, [stream]) });
        }
      },
    },
  );
  return all;
}

/** Those of agents are named alike in all agents, so that they need names of their own here. */
function filesOf(set: Uint8Array, index: number): readonly Buffer[] {
  const { file } = fromBinary(FileDescriptorSetSchema, set);
  const named = (name: string): string => name.replace(/^own\//, `own/${index}/`);
  return file
    .filter(({ name }) => index === 0 || name.startsWith("own/"))
    .map((each) =>
      Buffer.from(
        toBinary(FileDescriptorProtoSchema, {
          ...each,
          name: named(each.name),
          dependency: each.dependency.map(named),
        }),
      ),
    );
}
