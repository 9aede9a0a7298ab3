// A quota service that grants what it is told to, and remembers what it was asked.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import {
  type RateLimitRequest,
  RateLimitRequestSchema,
  type RateLimitResponse,
  RateLimitResponse_Code,
  RateLimitResponseSchema,
} from "@smartcall/envoy/api/envoy/service/ratelimit/v3/rls_pb.js";
import { eventually } from "../harness/eventually.ts";

/** What a gateway asked: `phase=reserve route=writing id=… by:subject=me`, in its order. */
export interface Asked {
  readonly entries: Readonly<Record<string, string>>;
  readonly keys: readonly string[];
}

/** Why a quota service refuses. */
export type QuotaReason = "RATE_LIMITED" | "TOO_MANY_AT_ONCE" | "BUDGET_SPENT";

/** A running service. */
export interface RecordingQuota {
  /** Its socket, as a mesh names it. */
  readonly address: { readonly kind: "unix"; readonly path: string };
  readonly asked: readonly Asked[];
  /** What it says to calls that begin. */
  answer: "grant" | "refuse" | "fail";
  grant: number;
  /** What it refuses the calls of a route for, whatever `answer` says; `fail` fails. */
  readonly refusing: Map<string, QuotaReason | "fail">;
  /** What the end of the last call that began was told to be. */
  lastUsage(): Promise<string | undefined>;
  stop(): void;
}

/** Starts it on a socket of its own. */
export async function startRecordingQuota(): Promise<RecordingQuota> {
  const folder = mkdtempSync(join(tmpdir(), "quota-"));
  const path = join(folder, "quota.sock");
  const asked: Asked[] = [];
  const server = new Server();
  const quota: RecordingQuota = {
    address: { kind: "unix", path },
    asked,
    answer: "grant",
    grant: 1_000,
    refusing: new Map(),
    async lastUsage() {
      const begun = asked.findLast(({ entries }) => entries["phase"] === "reserve");
      const end = (): Asked => {
        const found = asked.find(
          ({ entries }) => entries["phase"] === "settle" && entries["id"] === begun?.entries["id"],
        );
        if (found === undefined) throw new Error("the call was not settled");
        return found;
      };
      return (await eventually(async () => end(), { withinMs: 10_000 })).entries["usage"];
    },
    stop() {
      server.forceShutdown();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  server.addService(
    {
      shouldRateLimit: {
        path: "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit",
        requestStream: false,
        responseStream: false,
        requestSerialize: (request: RateLimitRequest) =>
          Buffer.from(toBinary(RateLimitRequestSchema, request)),
        requestDeserialize: (bytes: Buffer) => fromBinary(RateLimitRequestSchema, bytes),
        responseSerialize: (response: RateLimitResponse) =>
          Buffer.from(toBinary(RateLimitResponseSchema, response)),
        responseDeserialize: (bytes: Buffer) => fromBinary(RateLimitResponseSchema, bytes),
      },
    },
    {
      shouldRateLimit(
        { request }: ServerUnaryCall<RateLimitRequest, RateLimitResponse>,
        callback: sendUnaryData<RateLimitResponse>,
      ) {
        for (const { entries } of request.descriptors) {
          asked.push({
            entries: Object.fromEntries(entries.map(({ key, value }) => [key, value])),
            keys: entries.map(({ key }) => key),
          });
        }
        const route = request.descriptors[0]?.entries.find(({ key }) => key === "route")?.value;
        const reason = quota.refusing.get(route ?? "");
        if (quota.answer === "fail" || reason === "fail") callback({ code: status.UNAVAILABLE });
        else if (reason !== undefined) callback(null, refused(reason));
        else callback(null, quota.answer === "grant" ? granted(quota.grant) : refused());
      },
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  return quota;
}

function granted(grant: number): RateLimitResponse {
  return create(RateLimitResponseSchema, {
    overallCode: RateLimitResponse_Code.OK,
    requestHeadersToAdd: [
      { key: "smartcall-quota", value: "counted" },
      { key: "smartcall-grant", value: `${grant}` },
    ],
  });
}

function refused(reason: QuotaReason = "BUDGET_SPENT"): RateLimitResponse {
  return create(RateLimitResponseSchema, {
    overallCode: RateLimitResponse_Code.OVER_LIMIT,
    responseHeadersToAdd: [
      { key: "smartcall-rule", value: "team" },
      { key: "smartcall-reason", value: reason },
      { key: "retry-after", value: "60" },
    ],
  });
}
