// Tries whether a control plane on another machine takes a gateway, and says why it does not.

import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { create } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, type VerifyOptions } from "@grpc/grpc-js";
import { DeltaDiscoveryRequestSchema } from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { type Address, formatAddress, problemOfTls, type TlsTrial } from "@smartcall/runtime";
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

/** TLS has names alone to ask for: where an IP address is known, a name is made up, and the address is what counts. */
function clientOf(address: Address, ca: string): Client {
  const { host } = address;
  const verify: VerifyOptions =
    isIP(host) === 0
      ? {}
      : { checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate) };
  const trust = credentials.createSsl(Buffer.from(ca), null, null, verify);
  const options = isIP(host) === 0 ? {} : { "grpc.ssl_target_name_override": "control-plane" };
  return new Client(formatAddress(address), trust, options);
}

function problemOfStream({ address, ca, joinToken, name }: Reaching): Promise<string | undefined> {
  const at = formatAddress(address);
  const client = clientOf(address, ca);
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
