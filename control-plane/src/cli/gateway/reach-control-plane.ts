// Tries whether a control plane on another machine takes a gateway, and says why it does not.

import { once } from "node:events";
import { connect } from "node:tls";
import { create } from "@bufbuild/protobuf";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { DeltaDiscoveryRequestSchema } from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { type Address, formatAddress } from "@smartcall/runtime";
import { typeUrls } from "../../snapshot/index.ts";
import { aggregatedDiscovery } from "../../xds/index.ts";

/** A control plane, and the gateway that it is to take. */
export interface Reaching {
  readonly address: Address;
  /** The mesh's authority, PEM, and where it was read. */
  readonly ca: string;
  readonly caFile: string;
  /** A secret. */
  readonly joinToken: string;
  readonly name: string;
}

const patienceMs = 10_000;

/** Resolves with a sentence where it does not take it. */
export async function reachControlPlane(reaching: Reaching): Promise<string | undefined> {
  return (await problemOfTls(reaching)) ?? (await problemOfStream(reaching));
}

async function problemOfTls({ address, ca, caFile }: Reaching): Promise<string | undefined> {
  const at = formatAddress(address);
  const signal = AbortSignal.timeout(patienceMs);
  let socket: ReturnType<typeof connect> | undefined;
  try {
    socket = connect({ ...address, ca, ALPNProtocols: ["h2"] });
    await once(socket, "secureConnect", { signal });
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
      return `The certificate of ${at} is not for ${address.host}: set SMARTCALL_NODE_NAMES to that name where the control plane runs.`;
    }
    if (/CERT|ISSUER|SIGNATURE|VERIFY/.test(code)) {
      return `${at} does not show a certificate of the authority in ${caFile} (${code}): give the ca.pem of that mesh.`;
    }
    return `The control plane cannot be reached over TLS at ${at} (${code}): look whether it listens there, as SMARTCALL_NODES says.`;
  } finally {
    socket?.destroy();
  }
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

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "AbortError") return "ETIMEDOUT";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
