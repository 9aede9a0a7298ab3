// Who may ask the control plane's gRPC services, and whose secrets are given to whom.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, status } from "@grpc/grpc-js";
import { typeUrls } from "@smartcall/control-plane/dist/snapshot/index.js";
import {
  DeltaDiscoveryRequestSchema,
  type DeltaDiscoveryResponse,
  DeltaDiscoveryResponseSchema,
} from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { leasePb, leaseService, quotaPolicyService } from "@smartcall/protos";
import { expect } from "chai";
import { type BenchedControlPlane, startControlPlane } from "../bench/xds-control-plane.ts";
import { ownJoinToken } from "../harness/own-join-token.ts";

const ads = "/envoy.service.discovery.v3.AggregatedDiscoveryService";

/** Every method that there is. */
const methods = [
  `${ads}/DeltaAggregatedResources`,
  `${ads}/StreamAggregatedResources`,
  leaseService.hold.path,
  quotaPolicyService.watchPolicies.path,
  "/smartcall.v1.DirectoryService/ListAgents",
  "/smartcall.v1.DirectoryService/GetAgent",
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
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

  const call = (path: string, authorization?: string, sidecar?: string) => {
    const metadata = new Metadata();
    if (sidecar !== undefined) metadata.set("smartcall-node", sidecar);
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
      "/grpc.health.v1.Health/Check",
      "/grpc.channelz.v1.Channelz/GetServers",
      "/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets",
      `${ads}/Other`,
    ]) {
      expect(await codeOf(path, `Bearer ${joinToken}`), path).to.equal("UNIMPLEMENTED");
    }
  });

  /** What a node with a token of its own is told of the edge's certificate, or how its stream ends. */
  const toldOf = async (
    subject: string,
    node: { readonly id: string; readonly cluster: string; readonly userAgentName?: string },
  ): Promise<string> => {
    const stream = call(methods[0], `Bearer ${await ownJoinToken(plane.stateFolder, subject)}`);
    const answer = new Promise<string>((resolve) => {
      stream.once("data", (bytes: Buffer) => {
        const { resources } = fromBinary(DeltaDiscoveryResponseSchema, bytes);
        resolve(resources.map(({ name }) => name).join());
      });
      stream.once("status", ({ code }) => resolve(status[code] ?? ""));
    });
    const request = create(DeltaDiscoveryRequestSchema, {
      node,
      typeUrl: typeUrls.secret,
      resourceNamesSubscribe: ["edge-certificate"],
    });
    stream.write(Buffer.from(toBinary(DeltaDiscoveryRequestSchema, request)));
    const told = await answer;
    stream.cancel();
    return told;
  };

  it("take a node for the one that its own token is for, and for no other", async () => {
    const own = { id: "g2", cluster: "gateway" };
    expect(await toldOf("gateway/g2", own)).to.equal("edge-certificate");
    const grpc = "gRPC Node Pure JS";
    for (const [subject, node] of [
      ["gateway/g3", own],
      ["agent/g2", own],
      ["agent/echo", own],
      ["agent/echo", { ...own, userAgentName: grpc }],
      ["agent/echo", { id: "echo/1", cluster: "gateway" }],
      ["agent/echo", { id: "other/1", cluster: "agent/other" }],
      ["agent/echo", { id: "echo/1", cluster: "agent/echo2" }],
      ["gateway/g2", { id: "echo/1", cluster: "agent/echo" }],
    ] as const) {
      const label = `${subject} as ${node.cluster} ${node.id}`;
      expect(await toldOf(subject, node), label).to.equal("PERMISSION_DENIED");
    }
    const proxyless = { id: "echo/1", cluster: "agent/echo", userAgentName: grpc };
    expect(await toldOf("agent/echo", proxyless)).to.equal("PERMISSION_DENIED");
  });

  it("let no gateway hold a lease, no agent hold another's, and none know what callers may spend", async () => {
    const [, , hold, watch] = methods;
    const bearer = async (subject: string) =>
      `Bearer ${await ownJoinToken(plane.stateFolder, subject)}`;
    expect(await codeOf(hold, await bearer("gateway/g2"))).to.equal("PERMISSION_DENIED");
    expect(await codeOf(watch, await bearer("agent/echo"))).to.equal("PERMISSION_DENIED");
    const attach = new leasePb.Attach();
    attach.setAgent("other");
    attach.setInstance("1");
    const report = new leasePb.LeaseReport();
    report.setAttach(attach);
    const endOf = async (authorization: string, sidecar?: string): Promise<string> => {
      const stream = call(hold, authorization, sidecar);
      const ended = new Promise<string>((resolve) => {
        stream.once("status", ({ code }) => resolve(status[code] ?? ""));
      });
      stream.on("data", () => undefined);
      stream.write(Buffer.from(report.serializeBinary()));
      return ended;
    };
    expect(await endOf(await bearer("agent/echo"), "other/1")).to.equal("PERMISSION_DENIED");
    // Where an agent is called is its sidecar's to say, whoever asks.
    for (const authorization of [await bearer("agent/echo"), `Bearer ${joinToken}`]) {
      expect(await endOf(authorization)).to.equal("FAILED_PRECONDITION");
    }
    expect(await endOf(`Bearer ${joinToken}`, "other/1")).to.equal("FAILED_PRECONDITION");
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
