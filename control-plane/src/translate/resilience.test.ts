import { create } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { RouteConfigurationSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { PriorityGroupClusterSpecifierSchema } from "@smartcall/envoy/api/envoy/extensions/router/cluster_specifiers/priority_group/v3/priority_group_pb.js";
import { expect } from "chai";
import type { Agent, Route } from "../model/mesh.ts";
import type { Instance } from "../source/instance.ts";
import { translate } from "./index.ts";
import { agent, contract, mesh, route, tableOf } from "./mesh-sketch.test.ts";

const agents = [agent("echo"), agent("poet"), agent("spare")];
const to = (...weights: readonly (readonly [string, number])[]) =>
  weights.map(([name, weight]) => ({ agent: name, weight }));

describe("resilience, translated", () => {
  it("has one route for all methods of a door, and two where streams are bounded otherwise", () => {
    const table = (more: Partial<Route>) =>
      tableOf(mesh({ routes: [route("echo", more)] })).filter(({ name }) => name === "echo");
    const retry = { attempts: 2, on: ["slow"] } as const;
    expect(table({ retry })).to.have.length(2);
    const perTry = (each: ReturnType<typeof table>[number]) =>
      each.action.case === "route" ? each.action.value.retryPolicy?.perTryTimeout : undefined;
    const split = table({ retry: { ...retry, perTryMs: 2_000, firstEventMs: 3_000 } });
    expect(split.map((each) => perTry(each)?.seconds)).to.deep.equal([2n, 3n, 2n, 3n]);
    const path = "/v1/agents/echo:stream";
    const match = { agent: "echo", path, headers: {}, claims: {} };
    const streams = table({ match, retry: { ...retry, firstEventMs: 3_000 } });
    expect(streams.map((each) => perTry(each)?.seconds)).to.deep.equal([3n]);
  });

  it("asks a route's agents as often as it says, then each of the others, without those of no weight", () => {
    const more = {
      to: to(["echo", 0], ["poet", 3]),
      retry: { attempts: 1, on: ["unavailable"] },
      fallback: ["spare", "echo"],
    } as const;
    const table = tableOf(mesh({ agents, routes: [route("echo", more)] }));
    const found = table.find(({ name }) => name === "echo");
    const action = found?.action.case === "route" ? found.action.value : undefined;
    const specifier = action?.clusterSpecifier;
    if (specifier?.case !== "inlineClusterSpecifierPlugin") throw new Error("no groups");
    const packed = specifier.value.extension?.typedConfig;
    const groups = packed && anyUnpack(packed, PriorityGroupClusterSpecifierSchema);
    expect(
      groups?.priorityGroups.map(({ clusters }) => clusters.map((each) => each.clusterName)),
    ).to.deep.equal([["poet"], ["poet"], ["spare"], ["echo"]]);
    expect(action?.retryPolicy).to.deep.include({
      retryOn: "connect-failure,refused-stream,retriable-headers,reset,unavailable",
      numRetries: 3,
      refreshClusterOnRetry: true,
    });
  });

  it("names in a table of routes all clusters that it leads to", () => {
    const routes = [route("echo", { to: to(["poet", 1]), fallback: ["spare"] })];
    const [table] = translate(mesh({ agents, routes }), contract).route;
    expect(table?.leadsTo).to.deep.equal(["poet", "spare", "smartcall:realtime"]);
    expect(table?.message ?? create(RouteConfigurationSchema)).to.include({ name: "edge" });
  });

  it("has one that refuses where another stands in for an agent that has none healthy", () => {
    const sick: Instance = {
      id: "one",
      address: { kind: "ip", host: "127.0.0.1", port: 1 },
      healthy: false,
      zone: "",
      version: "1",
    };
    const of = (routes: readonly Route[]) => {
      const both = [agent("echo", [sick]), agent("spare", [{ ...sick, healthy: true }])];
      return translate(mesh({ agents: both, routes }), contract).endpoint.map(
        ({ message }) =>
          message.endpoints[0]?.lbEndpoints[0]?.hostIdentifier.case === "endpoint" &&
          message.endpoints[0].lbEndpoints[0].hostIdentifier.value.address?.address.case,
      );
    };
    expect(of([route("echo")])).to.deep.equal([false, "socketAddress"]);
    expect(of([route("echo", { fallback: ["spare"] })])).to.deep.equal(["pipe", "socketAddress"]);
  });

  it("writes a cluster anew when what it is made of changes, and not for an instance", () => {
    const contentOf = (more: Partial<Agent>) =>
      translate(mesh({ agents: [{ ...agent("echo"), ...more }] }), contract).cluster[0]?.content;
    const instance: Instance = {
      id: "one",
      address: { kind: "ip", host: "127.0.0.1", port: 1 },
      healthy: true,
      zone: "a",
      version: "1",
    };
    const plain = contentOf({});
    expect(contentOf({ instances: [instance] })).to.equal(plain);
    expect(contentOf({ ejection: "never" })).to.not.equal(plain);
    const by = { kind: "claim", claim: "team" } as const;
    expect(contentOf({ balance: { kind: "hash", by } })).to.not.equal(plain);
    expect(contentOf({ concurrency: { running: 8 }, instances: [instance] })).to.not.equal(plain);
  });
});
