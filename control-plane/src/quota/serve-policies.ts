// `smartcall.v1.QuotaPolicyService` on a gRPC server: tells quota services what callers may use.

import { type Server, type ServerWritableStream, status } from "@grpc/grpc-js";
import { type quotaPb, quotaPolicyService } from "@smartcall/protos";
import { type JoinedBy, type NodeProof, withdrawn } from "../state/index.ts";

/** What the service needs of its surroundings. */
export interface PolicyServiceOptions {
  /** Who the caller proves to be by its metadata value `authorization`. */
  readonly joinedBy: JoinedBy;
  /** How many may watch at once; 100 unless given. */
  readonly mostStreams?: number;
}

/** Policies that are told of. */
export interface PolicyServing {
  /** From now on these hold; whoever watches is told, unless they are the same. */
  change(policies: quotaPb.QuotaPolicies): void;
  /** Ends the streams of those whose proof does not hold any more. */
  withdraw(isGone: (proof: NodeProof) => boolean): void;
  /** Ends every stream and takes no more. The server itself stays. */
  close(): void;
}

type Watching = ServerWritableStream<quotaPb.WatchPoliciesRequest, quotaPb.QuotaPolicies>;

/** Adds the service to a server. */
export function servePolicies(
  server: Server,
  { joinedBy, mostStreams = 100 }: PolicyServiceOptions,
): PolicyServing {
  const streams = new Map<Watching, NodeProof>();
  let present: quotaPb.QuotaPolicies | undefined;
  let closed = false;
  server.addService(quotaPolicyService, {
    watchPolicies(stream: Watching) {
      const shown = stream.metadata.get("authorization")[0]?.toString();
      const joining = joinedBy(shown, stream.getPeer());
      if (!joining.ok) {
        end(stream, status[joining.code], joining.message);
        return;
      }
      const { proof } = joining;
      // What callers may spend is for those that ask about callers: the machines of gateways.
      if (proof.kind === "agent") {
        end(
          stream,
          status.PERMISSION_DENIED,
          "This join token is for an agent, not for a gateway.",
        );
        return;
      }
      if (closed) {
        end(stream, status.UNAVAILABLE, ending);
        return;
      }
      let ofTokens = 0;
      for (const other of streams.values()) if (other.kind !== "owner") ofTokens += 1;
      const isOwn = proof.kind === "owner";
      if (streams.size >= mostStreams || (!isOwn && ofTokens >= mostStreams / 2)) {
        end(
          stream,
          status.RESOURCE_EXHAUSTED,
          "Too many quota services watch: try again in a moment.",
        );
        return;
      }
      streams.set(stream, proof);
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
      for (const stream of streams.keys()) stream.write(policies);
    },
    withdraw(isGone) {
      for (const [stream, proof] of [...streams]) {
        if (isGone(proof)) end(stream, status.UNAUTHENTICATED, withdrawn);
      }
    },
    close() {
      closed = true;
      for (const stream of streams.keys()) end(stream, status.UNAVAILABLE, ending);
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
