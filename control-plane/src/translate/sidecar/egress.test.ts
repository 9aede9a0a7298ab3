import { toJsonString } from "@bufbuild/protobuf";
import { ClusterSchema } from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import { ListenerSchema } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { RouteConfigurationSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { registry } from "@smartcall/envoy/api/registry.js";
import { expect } from "chai";
import type { Egress } from "../../model/egress.ts";
import { agent, mesh } from "../mesh-sketch.test.ts";
import { egressOf } from "./egress.ts";
import { sidecarsOf } from "./sidecars.ts";

describe("egress", () => {
  const origin = { file: "mesh.yaml", line: 1, column: 1 };
  const key = { header: "authorization", prefix: "Bearer ", value: "sk-the-key" };
  const egress = (name: string, more: Partial<Egress> = {}): Egress => ({
    name,
    host: "api.example.com",
    port: 443,
    timeoutMs: 1_000,
    origin,
    key,
    ...more,
  });
  const of = (agent: string, ...all: readonly Egress[]) => egressOf({ egress: all }, agent);
  const listenerOf = (name: string, ...all: readonly Egress[]) => {
    const sidecars = sidecarsOf(mesh({ agents: [agent(name)], egress: all }));
    const place = { inbound: { host: "127.0.0.1", port: 1 }, egressPort: 2 };
    const listeners = sidecars.of(name, place)?.listener ?? [];
    const its = listeners.find((each) => each.name === "egress") ?? expect.fail("no listener");
    return toJsonString(ListenerSchema, its.message, { registry });
  };
  const names = (resources: readonly { readonly name: string }[]) =>
    resources.map(({ name }) => name);

  it("gives each agent the clusters and keys that are for it, and no others", () => {
    const all = [
      egress("for-all"),
      egress("for-planner", { agents: ["planner"] }),
      egress("keyless", { key: undefined }),
    ];
    const planner = of("planner", ...all);
    expect(names(planner.cluster)).to.deep.equal([
      "smartcall:egress:for-all",
      "smartcall:egress:for-planner",
      "smartcall:egress:keyless",
    ]);
    expect(names(planner.secret)).to.deep.equal(["egress:for-all", "egress:for-planner"]);
    const writer = of("writer", ...all);
    expect(names(writer.cluster)).not.to.include("smartcall:egress:for-planner");
    expect(names(writer.secret)).to.deep.equal(["egress:for-all"]);
  });

  it("has the key in its secret, and nowhere else", () => {
    const { cluster, route, secret } = of("planner", egress("openai"));
    const shown = [
      ...cluster.map(({ message }) => toJsonString(ClusterSchema, message, { registry })),
      listenerOf("planner", egress("openai")),
      ...route.map(({ message }) => toJsonString(RouteConfigurationSchema, message, { registry })),
    ].join();
    expect(shown).to.contain("egress:openai").and.not.to.contain(key.value);
    expect(secret[0]?.message.type).to.have.nested.property(
      "value.secret.specifier.value",
      key.value,
    );
  });

  it("changes no listener when a host is named, nor between agents", () => {
    expect(listenerOf("planner")).to.contain('"portValue":2');
    expect(listenerOf("planner")).to.equal(listenerOf("writer", egress("openai")));
  });

  it("names a host by its port where that is another, and an address of IPv6 in brackets", () => {
    const hostOf = (more: Partial<Egress>) =>
      toJsonString(
        RouteConfigurationSchema,
        of("planner", egress("one", more)).route[0]?.message ?? expect.fail("no routes"),
        { registry },
      ).match(/"hostRewriteLiteral":"(.*?)"/)?.[1];
    expect(hostOf({})).to.equal("api.example.com");
    expect(hostOf({ port: 8443 })).to.equal("api.example.com:8443");
    expect(hostOf({ host: "2001:db8::1" })).to.equal("[2001:db8::1]");
  });

  it("looks up a name, and takes an address as it is", () => {
    const [byName, byAddress] = of(
      "planner",
      egress("name"),
      egress("own", { host: "192.0.2.1" }),
    ).cluster.map(({ message }) => toJsonString(ClusterSchema, message, { registry }));
    expect(byName).to.contain("DnsCluster").and.to.contain('"sni":"api.example.com"');
    expect(byAddress).to.contain('"sanType":"IP_ADDRESS"').and.not.to.contain("DnsCluster");
  });

  it("says for each of its routes where an operator wrote it", () => {
    const { route } = of("planner", egress("mine"), egress("theirs", { agents: ["writer"] }));
    const [table] = route;
    const hosts = table?.message.virtualHosts ?? [];
    expect(table?.parts?.length).to.equal(hosts.flatMap(({ routes }) => routes).length);
    const origins = hosts
      .flatMap(({ routes }) => routes)
      .map(({ match }, index) => {
        return [match?.pathSpecifier.value, table?.parts?.[index]?.file];
      });
    expect(origins).to.deep.include.members([
      ["/mine/", "mesh.yaml"],
      ["/theirs", "mesh.yaml"],
      ["/", undefined],
    ]);
  });
});
