import { fromBinary } from "@bufbuild/protobuf";
import { ClusterLoadAssignmentSchema } from "@smartcall/envoy/api/envoy/config/endpoint/v3/endpoint_pb.js";
import { expect } from "chai";
import { emptySnapshot } from "../snapshot/compare.ts";
import type { Resource, Snapshot } from "../snapshot/snapshot.ts";
import { viewOf } from "../snapshot/view.ts";
import { cluster, resourceOf, snapshotOfWorld } from "./envoy-sketch.test.ts";
import { createProxyless } from "./proxyless.ts";

const world = snapshotOfWorld({ listenOn: 1, clusters: { one: [1001], two: [1002] }, to: "one" });

describe("what a gRPC client without a proxy gets", () => {
  it("is each agent by its name, and nothing of the edge", () => {
    const secret = resourceOf("secret", "key", { name: "key" });
    const view = viewOf({ ...world, secret: by(secret) }, undefined);
    const { snapshot } = createProxyless()(view);
    expect([...snapshot.listener.keys()]).to.deep.equal(["one", "two"]);
    expect([...snapshot.cluster.keys()]).to.deep.equal(["one", "two"]);
    expect([...snapshot.endpoint.keys()]).to.deep.equal(["one", "two"]);
    expect(snapshot.route.size + snapshot.secret.size + snapshot.extension.size).to.equal(0);
  });

  it("leaves out agents behind TLS and clusters that are no agent's", () => {
    const behindTls = resourceOf("cluster", "tls", {
      name: "tls",
      type: "EDS",
      transportSocket: { name: "tls" },
    });
    const fixed = resourceOf("cluster", "quota", { name: "quota", type: "STATIC" });
    expect(namesOf({ ...emptySnapshot, cluster: by(behindTls, fixed) })).to.deep.equal([]);
  });

  it("leaves out instances that gRPC cannot reach, and gives each place a weight", () => {
    const pipe = { endpoint: { address: { pipe: { path: "/a" } } } };
    const socket = (address: string) => ({
      endpoint: { address: { socketAddress: { address, portValue: 1 } } },
    });
    const mixed = resourceOf("endpoint", "one", {
      clusterName: "one",
      endpoints: [
        { lbEndpoints: [pipe, socket("127.0.0.1"), socket("a.name")] },
        { lbEndpoints: [pipe] },
      ],
    });
    const view = viewOf({ ...world, endpoint: by(mixed) }, undefined);
    const made = createProxyless()(view).snapshot.endpoint.get("one");
    const { endpoints } = fromBinary(ClusterLoadAssignmentSchema, made?.body ?? new Uint8Array());
    expect(endpoints.map(({ lbEndpoints }) => lbEndpoints.length)).to.deep.equal([1]);
    expect(endpoints[0]?.loadBalancingWeight).to.equal(1);
    expect(endpoints[0]?.locality).not.to.equal(undefined);
  });

  it("leaves out instances that ask for TLS, whatever their list is called", () => {
    const endpoint = { address: { socketAddress: { address: "127.0.0.1", portValue: 1 } } };
    const reachedBy = (reach: string) => ({
      endpoint,
      metadata: { filterMetadata: { "envoy.transport_socket_match": { reach } } },
    });
    const lists = resourceOf("endpoint", "one:sign", {
      clusterName: "one:sign",
      endpoints: [{ lbEndpoints: [reachedBy("sidecar"), { endpoint }, reachedBy("authority")] }],
    });
    const named = resourceOf("cluster", "one", {
      name: "one",
      type: "EDS",
      edsClusterConfig: { serviceName: "one:sign", edsConfig: { ads: {} } },
    });
    const view = viewOf({ ...emptySnapshot, cluster: by(named), endpoint: by(lists) }, undefined);
    const made = createProxyless()(view).snapshot.endpoint.get("one");
    const { clusterName, endpoints } = fromBinary(
      ClusterLoadAssignmentSchema,
      made?.body ?? new Uint8Array(),
    );
    expect(clusterName).to.equal("one");
    expect(endpoints.map(({ lbEndpoints }) => lbEndpoints.length)).to.deep.equal([1]);
  });

  it("is made once for all of them, and anew only where something changed", () => {
    const proxyless = createProxyless();
    const view = viewOf(world, undefined);
    expect(proxyless(view)).to.equal(proxyless(view));
    const changed = viewOf({ ...world, cluster: by(...world.cluster.values(), third) }, view);
    const before = proxyless(view).snapshot.listener.get("one");
    expect(proxyless(changed).snapshot.listener.get("one")).to.equal(before);
    expect(proxyless(changed).snapshot.listener.has("three")).to.equal(true);
  });
});

const third = cluster("three", 1);

function by(...resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  return new Map(resources.map((each) => [each.name, each]));
}

function namesOf(snapshot: Snapshot): readonly string[] {
  return [...createProxyless()(viewOf(snapshot, undefined)).snapshot.listener.keys()];
}
