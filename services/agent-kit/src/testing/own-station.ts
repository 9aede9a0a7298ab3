// A service of an agent's own for tests, and calls of it over real gRPC.

import { readFileSync } from "node:fs";
import type { JsonObject } from "@bufbuild/protobuf";
import { type Client, Metadata, type ServiceError, type StatusObject } from "@grpc/grpc-js";
import {
  type JsonHandler,
  type JsonStreamHandler,
  jsonMethod,
  jsonService,
} from "../own/json-service.ts";
import type { OwnService } from "../own/own-service.ts";

/** What `protoc` made of a file beside the agents of the tests. */
const descriptors = readFileSync(
  new URL("../../../../test/agents/weather/station.binpb", import.meta.url),
);
const service = "acme.station.v1.Station";

/** Answers once, with what it is told. */
export const measure = jsonMethod({ service, method: "Measure", descriptors });
/** Answers many times. */
export const watch = jsonMethod({ service, method: "Watch", descriptors });

/** The service with handlers of a test. */
export function stationService(handlers: {
  readonly Measure?: JsonHandler;
  readonly Watch?: JsonStreamHandler;
}): OwnService {
  const all = {
    Measure: handlers.Measure ?? (async ({ say = "" }) => ({ said: say })),
    Watch:
      handlers.Watch ??
      async function* ({ say = "" }) {
        yield { said: say };
      },
  };
  return jsonService({ service, descriptors, handlers: all });
}

/** How a call ended, with what came and what was told at the end. */
export interface Ended {
  readonly answers: readonly JsonObject[];
  readonly status: StatusObject;
}

/** A running call; `ended` never rejects. */
export interface Asked {
  readonly ended: Promise<Ended>;
  cancel(): void;
}

/** Calls `Measure`. */
export function askOnce(
  client: Client,
  request: JsonObject,
  metadata = new Metadata(),
  deadline?: number,
): Asked {
  const answers: JsonObject[] = [];
  const { path, requestSerialize, responseDeserialize } = measure;
  const running = client.makeUnaryRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    metadata,
    deadline === undefined ? {} : { deadline },
    (_: ServiceError | null, answer) => {
      if (answer !== undefined) answers.push(answer);
    },
  );
  const ended = new Promise<Ended>((resolve) => {
    // The answer is told right after.
    running.on("status", (status) => setImmediate(() => resolve({ answers, status })));
  });
  return { ended, cancel: () => running.cancel() };
}

/** Calls `Watch`. */
export function askMany(
  client: Client,
  request: JsonObject,
  metadata = new Metadata(),
  came: () => void = () => undefined,
): Asked {
  const answers: JsonObject[] = [];
  const { path, requestSerialize, responseDeserialize } = watch;
  const running = client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    metadata,
  );
  running.on("data", (answer: JsonObject) => {
    answers.push(answer);
    came();
  });
  running.on("error", () => undefined);
  const ended = new Promise<Ended>((resolve) => {
    running.on("status", (status) => resolve({ answers, status }));
  });
  return { ended, cancel: () => running.cancel() };
}
