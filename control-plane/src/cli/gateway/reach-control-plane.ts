// Tries whether a control plane on another machine takes a gateway, and says why it does not.

import { create } from "@bufbuild/protobuf";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { DeltaDiscoveryRequestSchema } from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { formatAddress, problemOfTls, type TlsTrial } from "@smartcall/runtime";
import { typeUrls } from "../../snapshot/index.ts";
import { aggregatedDiscovery } from "../../xds/index.ts";

/** A control plane, and the gateway that it is to take. */
export interface Reaching extends TlsTrial {
  /** A secret. */
  readonly joinToken: string;
  readonly name: string;
}

const patienceMs = 10_000;

/** Resolves with a sentence where it does not take it. */
export async function reachControlPlane(reaching: Reaching): Promise<string | undefined> {
  return (await problemOfTls(reaching)) ?? (await problemOfStream(reaching));
}

function problemOfStream({ address, ca, joinToken, name }: Reaching): Promise<string | undefined> {
  const at = formatAddress(address);
  const client = new Client(at, credentials.createSsl(Buffer.from(ca)));
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${joinToken}`);
  const { path, requestSerialize, responseDeserialize } =
    aggregatedDiscovery.DeltaAggregatedResources;
  const stream = client.makeBidiStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    metadata,
    { deadline: Date.now() + patienceMs },
  );
  return new Promise<string | undefined>((resolve) => {
    stream.once("data", () => resolve(undefined));
    stream.on("error", () => undefined);
    stream.once("status", ({ details }) => resolve(`${at} does not take this gateway: ${details}`));
    // It asks for a secret that there is not, which is answered soonest.
    stream.write(
      create(DeltaDiscoveryRequestSchema, {
        node: { id: name, cluster: "gateway" },
        typeUrl: typeUrls.secret,
        resourceNamesSubscribe: ["none"],
      }),
    );
  }).finally(() => {
    stream.cancel();
    client.close();
  });
}
