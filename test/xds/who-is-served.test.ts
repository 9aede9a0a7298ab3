// Who may ask the control plane's gRPC services, and whose secrets are given to whom.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, status } from "@grpc/grpc-js";
import { typeUrls } from "@smartcall/control-plane/dist/snapshot/index.js";
import {
  DeltaDiscoveryRequestSchema,
  type DeltaDiscoveryResponse,
  DeltaDiscoveryResponseSchema,
} from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { leaseService, quotaPolicyService } from "@smartcall/protos";
import { expect } from "chai";
import { type BenchedControlPlane, startControlPlane } from "../bench/xds-control-plane.ts";

const ads = "/envoy.service.discovery.v3.AggregatedDiscoveryService";

/** Every method that there is. */
const methods = [
  `${ads}/DeltaAggregatedResources`,
  `${ads}/StreamAggregatedResources`,
  leaseService.hold.path,
  quotaPolicyService.watchPolicies.path,
] as const;

describe("the control plane's services", function () {
  this.timeout(60_000);
  let plane: BenchedControlPlane;
  let client: Client;
  let joinToken: string;

  before(async () => {
    plane = await startControlPlane(2);
    await plane.listening();
    joinToken = await plane.joinToken();
    client = new Client(`127.0.0.1:${plane.port}`, credentials.createInsecure());
  });
  after(async () => {
    client?.close();
    await plane?.stop();
  });

  const call = (path: string, authorization?: string) => {
    const metadata = new Metadata();
    if (authorization !== undefined) metadata.set("authorization", authorization);
    const same = (bytes: Buffer): Buffer => bytes;
    const stream = client.makeBidiStreamRequest(path, same, same, metadata);
    stream.on("error", () => undefined);
    return stream;
  };
  const codeOf = (path: string, authorization?: string): Promise<string> =>
    new Promise((resolve) => {
      const stream = call(path, authorization);
      stream.on("data", () => undefined);
      stream.once("status", ({ code }) => resolve(status[code] ?? ""));
      stream.end(Buffer.alloc(0));
    });

  it("ask everybody for the join token, at every method", async () => {
    for (const path of methods) {
      const wrong = `${joinToken.slice(0, -1)}${joinToken.endsWith("A") ? "B" : "A"}`;
      const shown = [undefined, "", "Bearer ", `Bearer ${wrong}`, joinToken, `Basic ${joinToken}`];
      for (const authorization of shown) {
        expect(await codeOf(path, authorization), `${path}: ${authorization}`).to.equal(
          "UNAUTHENTICATED",
        );
      }
      // What it says then is its method's own.
      if (path !== quotaPolicyService.watchPolicies.path) {
        expect(await codeOf(path, `Bearer ${joinToken}`), path).to.not.equal("UNAUTHENTICATED");
      }
    }
  });

  it("are these and no others", async () => {
    for (const path of [
      "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
      "/grpc.health.v1.Health/Check",
      "/grpc.channelz.v1.Channelz/GetServers",
      "/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets",
      `${ads}/Other`,
    ]) {
      expect(await codeOf(path, `Bearer ${joinToken}`), path).to.equal("UNIMPLEMENTED");
    }
  });

  it("give the edge's certificate to gateways, and no secret to any other node", async () => {
    const told = async (cluster: string): Promise<DeltaDiscoveryResponse> => {
      const stream = call(methods[0], `Bearer ${joinToken}`);
      const answer = new Promise<Buffer>((resolve) => stream.once("data", resolve));
      const request = create(DeltaDiscoveryRequestSchema, {
        node: { id: `of-${cluster}`, cluster },
        typeUrl: typeUrls.secret,
        resourceNamesSubscribe: ["edge-certificate"],
      });
      stream.write(Buffer.from(toBinary(DeltaDiscoveryRequestSchema, request)));
      const response = fromBinary(DeltaDiscoveryResponseSchema, await answer);
      stream.cancel();
      return response;
    };
    expect((await told("gateway")).resources.map(({ name }) => name)).to.deep.equal([
      "edge-certificate",
    ]);
    for (const cluster of ["sidecar", "agent", ""]) {
      const { resources, removedResources } = await told(cluster);
      expect(resources, cluster).to.deep.equal([]);
      expect(removedResources, cluster).to.deep.equal(["edge-certificate"]);
    }
  });
});
