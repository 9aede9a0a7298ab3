// Asks a control plane for clusters over a connection of its own, as a node would.
import { create, toBinary } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, status } from "@grpc/grpc-js";
import { typeUrls } from "@smartcall/control-plane/dist/snapshot/index.js";
import { DeltaDiscoveryRequestSchema } from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";

/** Where, with what, and as whom. */
export interface AskedAds {
  /** Such as `127.0.0.1:18000`. */
  readonly at: string;
  readonly token: string;
  readonly node: {
    readonly id: string;
    readonly cluster: string;
    readonly metadata?: Readonly<Record<string, number>>;
  };
  /** The mesh's authority, PEM; in the clear without it. */
  readonly ca?: string | undefined;
  /** Default: the one of this stream alone. */
  readonly client?: Client;
}

/** A stream that was opened. */
export interface OpenAds {
  /** `served` at the first response, or the status that it ended with. */
  readonly told: Promise<string>;
  end(): void;
}

const ads = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

/** A client with a connection of its own. */
export function adsClient({ at, ca }: Pick<AskedAds, "at" | "ca">): Client {
  const by =
    ca === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(ca));
  return new Client(at, by, { "grpc.use_local_subchannel_pool": 1 });
}

/** Opens a stream and asks for clusters. */
export function askAds(asked: AskedAds): OpenAds {
  const client = asked.client ?? adsClient(asked);
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${asked.token}`);
  const same = (bytes: Buffer): Buffer => bytes;
  const stream = client.makeBidiStreamRequest(ads, same, same, metadata);
  stream.on("error", () => undefined);
  const told = new Promise<string>((resolve) => {
    stream.once("data", () => resolve("served"));
    stream.once("status", ({ code }) => resolve(status[code] ?? ""));
  });
  const { id, cluster, metadata: more = {} } = asked.node;
  const request = create(DeltaDiscoveryRequestSchema, {
    node: { id, cluster, metadata: more },
    typeUrl: typeUrls.cluster,
  });
  stream.write(Buffer.from(toBinary(DeltaDiscoveryRequestSchema, request)));
  return {
    told,
    end() {
      stream.cancel();
      if (asked.client === undefined) client.close();
    },
  };
}
