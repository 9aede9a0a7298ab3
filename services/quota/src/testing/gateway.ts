// Asks a quota service as a gateway does.

import { create } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import {
  type RateLimitRequest,
  RateLimitRequestSchema,
  type RateLimitResponse,
  RateLimitResponse_Code,
} from "@smartcall/envoy/api/envoy/service/ratelimit/v3/rls_pb.js";
import { grpcTarget, type LocalEndpoint } from "@smartcall/runtime";
import { rateLimitService } from "../service/wire.ts";

/** What a gateway is answered. */
export interface Told {
  /** `granted`, `refused`, or the name of the gRPC code of a failure. */
  readonly result: string;
  /** Of both directions, by name; empty where it failed. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A gateway. */
export interface Gateway {
  reserve(route: string, id: string, by?: Readonly<Record<string, string>>): Promise<Told>;
  /** Asks, and goes away after a while without an answer. */
  reserveAndLeave(route: string, id: string, ms: number): Promise<void>;
  settle(id: string, usage: string): Promise<Told>;
  ask(entries: readonly (readonly [string, string])[]): Promise<Told>;
  close(): void;
}

/** How long it waits for an answer, in milliseconds. */
const patienceMs = 5_000;

/** Connects to a service. */
export function createGateway(endpoint: LocalEndpoint): Gateway {
  const client = new Client(grpcTarget(endpoint), credentials.createInsecure(), {
    "grpc.initial_reconnect_backoff_ms": 50,
    "grpc.max_reconnect_backoff_ms": 200,
    // Each gateway of a test has a connection of its own.
    "grpc.use_local_subchannel_pool": 1,
  });
  const { path, requestSerialize, responseDeserialize } = rateLimitService.ShouldRateLimit;
  const send = (
    request: RateLimitRequest,
    done: (error: ServiceError | null, response?: RateLimitResponse) => void,
  ) =>
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      new Metadata(),
      { deadline: Date.now() + patienceMs },
      done,
    );
  const ask: Gateway["ask"] = (entries) =>
    new Promise((resolve) => {
      send(requestOf(entries), (error, response) => {
        if (response === undefined) {
          resolve({ result: status[error?.code ?? status.UNKNOWN], headers: {} });
          return;
        }
        const headers = [...response.requestHeadersToAdd, ...response.responseHeadersToAdd];
        resolve({
          result: response.overallCode === RateLimitResponse_Code.OK ? "granted" : "refused",
          headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
        });
      });
    });
  return {
    ask,
    reserve: (route, id, by = {}) => ask(reserving(route, id, by)),
    reserveAndLeave: (route, id, ms) =>
      new Promise((resolve) => {
        const call = send(requestOf(reserving(route, id, {})), () => resolve());
        setTimeout(() => call.cancel(), ms);
      }),
    settle: (id, usage) =>
      ask([
        ["phase", "settle"],
        ["id", id],
        ["usage", usage],
      ]),
    close: () => client.close(),
  };
}

function reserving(route: string, id: string, by: Readonly<Record<string, string>>) {
  const keys = Object.entries(by).map(([key, value]): [string, string] => [`by:${key}`, value]);
  return [["phase", "reserve"], ["route", route], ["id", id], ...keys] as const;
}

function requestOf(entries: readonly (readonly [string, string])[]): RateLimitRequest {
  const written = entries.map(([key, value]) => ({ key, value }));
  return create(RateLimitRequestSchema, {
    domain: "smartcall",
    descriptors: [{ entries: written }],
  });
}
