// `smartcall.v1.QuotaPolicyService` on a gRPC server: tells quota services what callers may use.

import { type Server, type ServerWritableStream, status } from "@grpc/grpc-js";
import { type quotaPb, quotaPolicyService } from "@smartcall/protos";

/** What the service needs of its surroundings. */
export interface PolicyServiceOptions {
  /** Whether the metadata value `authorization` proves that the caller belongs here. */
  readonly admits: (authorization: string | undefined) => boolean;
  /** How many may watch at once; 100 unless given. */
  readonly mostStreams?: number;
}

/** Policies that are told of. */
export interface PolicyServing {
  /** From now on these hold; whoever watches is told, unless they are the same. */
  change(policies: quotaPb.QuotaPolicies): void;
  /** Ends every stream and takes no more. The server itself stays. */
  close(): void;
}

type Watching = ServerWritableStream<quotaPb.WatchPoliciesRequest, quotaPb.QuotaPolicies>;

/** Adds the service to a server. */
export function servePolicies(
  server: Server,
  { admits, mostStreams = 100 }: PolicyServiceOptions,
): PolicyServing {
  const streams = new Set<Watching>();
  let present: quotaPb.QuotaPolicies | undefined;
  let closed = false;
  server.addService(quotaPolicyService, {
    watchPolicies(stream: Watching) {
      if (!admits(stream.metadata.get("authorization")[0]?.toString())) {
        end(stream, status.UNAUTHENTICATED, "This needs the mesh's join token.");
        return;
      }
      if (closed) {
        end(stream, status.UNAVAILABLE, ending);
        return;
      }
      if (streams.size >= mostStreams) {
        end(
          stream,
          status.RESOURCE_EXHAUSTED,
          "Too many quota services watch: try again in a moment.",
        );
        return;
      }
      streams.add(stream);
      for (const event of ["cancelled", "finish", "close", "error"]) {
        stream.on(event, () => streams.delete(stream));
      }
      if (present !== undefined) stream.write(present);
    },
  });
  return {
    change(policies) {
      if (present !== undefined && isSame(present, policies)) return;
      present = policies;
      for (const stream of streams) stream.write(policies);
    },
    close() {
      closed = true;
      for (const stream of streams) end(stream, status.UNAVAILABLE, ending);
    },
  };
}

const ending = "The control plane is ending: ask again.";

function end(stream: Watching, code: status, message: string): void {
  stream.emit("error", Object.assign(new Error(message), { code, details: message }));
}

/** The lists are sorted, so the same policies have the same bytes. */
function isSame(one: quotaPb.QuotaPolicies, other: quotaPb.QuotaPolicies): boolean {
  return Buffer.from(one.serializeBinary()).equals(other.serializeBinary());
}
