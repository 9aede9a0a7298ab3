// `smartcall.v1.LeaseService` on a gRPC server: who may hold a lease, and the end of all.

import { type Server, status } from "@grpc/grpc-js";
import { leaseService } from "@smartcall/protos";
import type { Rate } from "@smartcall/runtime";
import { createStreamCount, type JoinedBy, type NodeProof } from "../../state/index.ts";
import { endStream, type HoldOptions, holdLease, type LeaseStream } from "./hold-lease.ts";
import { createReportReader } from "./read-report.ts";

/** How fast streams may begin, so that agents that all come back do not drown us. */
const streamRate: Rate = { perSecond: 100, burst: 1_000 };
/** How many instances may hold a lease at once. */
const mostStreams = 10_000;

/** What the service needs of its surroundings. */
export interface LeaseServiceOptions extends HoldOptions {
  /** Who the caller proves to be by its metadata value `authorization`. */
  readonly joinedBy: JoinedBy;
  /** How fast streams of the mesh's own token may begin; 100 a second, 1,000 at once unless given. */
  readonly streamRate?: Rate;
}

/** Leases that are served. */
export interface LeaseServing {
  /** Ends the streams of those whose proof does not hold any more. */
  withdraw(isGone: (proof: NodeProof) => boolean): void;
  /** Ends every stream and takes no more; that is no loss of a lease. The server itself stays. */
  close(): void;
}

/** Adds the service to a server. */
export function serveLeases(server: Server, options: LeaseServiceOptions): LeaseServing {
  const reader = createReportReader();
  const streams = new Map<LeaseStream, Holding>();
  const { streamRate: rate = streamRate } = options;
  const count = createStreamCount({ rate, most: mostStreams }, () => options.clock.now());
  let closed = false;
  const endAll = (): void => {
    for (const stream of streams.keys()) sayEnd(stream);
  };
  server.addService(leaseService, {
    hold(stream: LeaseStream) {
      const shown = stream.metadata.get("authorization")[0]?.toString();
      const joining = options.joinedBy(shown, stream.getPeer());
      if (!joining.ok) {
        endStream(stream, status[joining.code], joining.message);
        return;
      }
      const { proof } = joining;
      if (proof.kind === "gateway") {
        endStream(stream, status.PERMISSION_DENIED, noAgent);
        return;
      }
      const ended = count.begin(proof);
      if (ended === undefined) {
        endStream(
          stream,
          status.RESOURCE_EXHAUSTED,
          "Too many leases begin: try again in a moment.",
        );
        return;
      }
      if (closed) {
        ended();
        sayEnd(stream);
        return;
      }
      streams.set(stream, { proof, expel: holdLease(stream, reader, proof, options) });
      for (const event of ["cancelled", "finish", "close"]) {
        stream.once(event, () => {
          ended();
          streams.delete(stream);
        });
      }
    },
  });
  return {
    withdraw(isGone) {
      for (const { proof, expel } of [...streams.values()]) if (isGone(proof)) expel();
    },
    close() {
      closed = true;
      options.table.close();
      endAll();
    },
  };
}

/** A stream, by what proved it. */
interface Holding {
  readonly proof: NodeProof;
  readonly expel: () => void;
}

function sayEnd(stream: LeaseStream): void {
  endStream(stream, status.UNAVAILABLE, "The control plane is ending: hold the lease again.");
}

const noAgent =
  "This join token is for a gateway, and a gateway holds no lease: make one for the agent with `smartcall join agent NAME`.";
