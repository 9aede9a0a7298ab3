// A client over a real gRPC stream that says what a test tells it to.

import { create } from "@bufbuild/protobuf";
import {
  Client,
  type ClientDuplexStream,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import {
  type DeltaDiscoveryRequest,
  DeltaDiscoveryRequestSchema,
  type DeltaDiscoveryResponse,
} from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { type ResourceType, typeUrls } from "../snapshot/snapshot.ts";
import { joinedByToken } from "../state/index.ts";
import type { XdsEvent } from "./event.ts";
import { createXdsServer, type XdsOptions, type XdsServer } from "./server.ts";
import { aggregatedDiscovery, xdsServerOptions } from "./wire.ts";

/** An xDS server on a free port, which takes the token `join`. */
export interface RunningXds {
  readonly port: number;
  readonly xds: XdsServer;
  readonly events: XdsEvent[];
  stop(): void;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Starts one, on a port that was its own before if that is given. */
export async function startXds(options: Partial<XdsOptions> = {}, wanted = 0): Promise<RunningXds> {
  const server = new Server(xdsServerOptions);
  const events: XdsEvent[] = [];
  const xds = createXdsServer({
    server,
    joinedBy: joinedByToken("join"),
    log: silent,
    observe: (event) => events.push(event),
    ...options,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${wanted}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const stop = (): void => {
    xds.close();
    server.forceShutdown();
  };
  return { port, xds, events, stop };
}

/** What a scripted client says; the rest is empty. */
export interface Line {
  readonly node?: string;
  readonly subscribe?: readonly string[];
  readonly unsubscribe?: readonly string[];
  readonly holds?: Readonly<Record<string, string>>;
  readonly nonce?: string;
  readonly refuses?: string;
  readonly typeUrl?: string;
}

export class ScriptedClient {
  /** How the stream ended. */
  readonly ended: Promise<{ readonly code: string; readonly message: string }>;
  readonly #client: Client;
  readonly #stream: ClientDuplexStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse>;
  readonly #inbox: DeltaDiscoveryResponse[] = [];
  #waiting: (() => void) | undefined;

  constructor(port: number, token: string | undefined = "join") {
    const metadata = new Metadata();
    if (token !== "") metadata.set("authorization", `Bearer ${token}`);
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
    });
    const { path, requestSerialize, responseDeserialize } =
      aggregatedDiscovery.DeltaAggregatedResources;
    this.#stream = this.#client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      metadata,
    );
    this.#stream.on("data", (response: DeltaDiscoveryResponse) => {
      this.#inbox.push(response);
      this.#waiting?.();
    });
    this.ended = new Promise((resolve) => {
      this.#stream.on("error", (error: ServiceError) =>
        resolve({ code: status[error.code], message: error.details }),
      );
      this.#stream.on("end", () => resolve({ code: "OK", message: "" }));
    });
  }

  say(type: ResourceType, line: Line = {}): void {
    this.#stream.write(
      create(DeltaDiscoveryRequestSchema, {
        ...(line.node === undefined ? {} : { node: { id: line.node, cluster: "gateway" } }),
        typeUrl: line.typeUrl ?? typeUrls[type],
        resourceNamesSubscribe: [...(line.subscribe ?? [])],
        resourceNamesUnsubscribe: [...(line.unsubscribe ?? [])],
        initialResourceVersions: { ...line.holds },
        responseNonce: line.nonce ?? "",
        ...(line.refuses === undefined ? {} : { errorDetail: { code: 3, message: line.refuses } }),
      }),
    );
  }

  /** The next response; fails when none comes. */
  async next(): Promise<DeltaDiscoveryResponse> {
    while (this.#inbox.length === 0) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("nothing came")), 3000);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const response = this.#inbox.shift();
    if (response === undefined) throw new Error("nothing came");
    return response;
  }

  /** Takes the next response and ACKs it; returns it in short, such as `cluster +a@1 -b`. */
  async take(): Promise<string> {
    const response = await this.next();
    const type = typeIn(response);
    this.say(type, { nonce: response.nonce });
    return inShort(response);
  }

  /** How many responses came that nobody has taken. */
  untaken(): number {
    return this.#inbox.length;
  }

  /** Stops, or goes on, reading from the network. */
  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** Says that it has no more to say. */
  halfClose(): void {
    this.#stream.end();
  }

  close(): void {
    this.#stream.on("error", () => undefined);
    this.#stream.cancel();
    this.#client.close();
  }
}

/** A response in short, such as `cluster +a@1 -b`. */
export function inShort(response: DeltaDiscoveryResponse): string {
  const added = response.resources.map(({ name, version }) => ` +${name}@${version}`);
  const removed = response.removedResources.map((name) => ` -${name}`);
  return `${typeIn(response)}${[...added, ...removed].join("")}`;
}

function typeIn({ typeUrl }: DeltaDiscoveryResponse): ResourceType {
  const types = ["cluster", "endpoint", "listener", "route", "secret", "extension"] as const;
  const type = types.find((each) => typeUrls[each] === typeUrl);
  if (type === undefined) throw new Error(`an unknown type came: ${typeUrl}`);
  return type;
}

/** Waits until something holds; fails when it does not within 8 s. */
export async function until(holds: () => boolean, withinMs = 8_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error("it never came about");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
