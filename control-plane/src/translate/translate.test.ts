import { create, equals, toBinary } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import type { TypedExtensionConfig } from "@smartcall/envoy/api/envoy/config/core/v3/extension_pb.js";
import { ListenerSchema } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { RouteConfigurationSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { JwtAuthenticationSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/jwt_authn/v3/config_pb.js";
import { UpstreamTlsContextSchema } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/tls_pb.js";
import { expect } from "chai";
import type { Route } from "../model/mesh.ts";
import type { Instance } from "../source/instance.ts";
import { routesOf, translate } from "./index.ts";
import { agent, contract, issuer, mesh, route, tableOf } from "./mesh-sketch.test.ts";

describe("translate", () => {
  it("gives the same bytes for the same mesh, whatever the order of its records", () => {
    const match = (headers: Readonly<Record<string, string>>): Route =>
      route("echo", { match: { agent: "echo", headers, claims: {} } });
    const one = translate(mesh({ routes: [match({ a: "1", b: "2" })] }), contract);
    const other = translate(mesh({ routes: [match({ b: "2", a: "1" })] }), contract);
    const bytes = [one, other].map(({ route: [only] }) =>
      only === undefined ? "" : Buffer.from(toBinary(RouteConfigurationSchema, only.message)),
    );
    expect(bytes[0]).to.deep.equal(bytes[1]);
  });

  it("keeps the listener as it is when agents, routes, keys, authorities and sizes change", () => {
    const [before] = translate(mesh({}), contract).listener;
    const { gateway } = mesh({});
    const changed = mesh({
      gateway: {
        ...gateway,
        clientAuthorities: "authority",
        bounds: { bodyBytes: 1024, headersKiB: 8, pathBytes: 128 },
      },
      agents: [agent("echo"), agent("poet")],
      routes: [route("echo"), route("poet", { timeoutMs: 1 })],
      issuers: [{ ...issuer, keys: '{"keys":[{"kid":"new"}]}' }],
    });
    const [after] = translate(changed, contract).listener;
    if (before === undefined || after === undefined) throw new Error("no listener");
    expect(equals(ListenerSchema, before.message, after.message)).to.equal(true);
  });

  it("puts the keys of tokens where they can change by themselves", () => {
    const [jwt] = translate(mesh({}), contract).extension;
    expect(jwt?.name).to.equal("jwt");
    const provider = providerOf(jwt?.message);
    expect(provider).to.deep.include({
      issuer: "smartcall:test",
      audiences: ["smartcall"],
      requireExpiration: true,
    });
    const source = provider?.jwksSourceSpecifier;
    expect(source?.case === "localJwks" && source.value.specifier.value).to.equal(issuer.keys);
  });

  it("makes a cluster of each agent that fails at once where none is healthy", () => {
    const { cluster } = translate(mesh({ agents: [agent("echo"), agent("poet")] }), contract);
    expect(cluster.map(({ name }) => name)).to.deep.equal([
      ...["echo", "poet"],
      ...["smartcall:quota", "smartcall:realtime"],
    ]);
    expect(cluster[0]?.message.commonLbConfig?.healthyPanicThreshold?.value).to.equal(1);
    expect(cluster[0]?.message.edsClusterConfig?.serviceName).to.equal("echo");
  });

  it("A58 has no cluster checked by gateways themselves: one that is ACKed is warm", () => {
    const { cluster } = translate(mesh({ agents: [agent("echo"), agent("poet")] }), contract);
    const checked = cluster.filter(({ message }) => message.healthChecks.length > 0);
    expect(checked.map(({ name }) => name)).to.deep.equal([]);
  });

  it("A55 A94 lists the healthy instances, and none where there is none", () => {
    const sick = { ...instance("b", 2), healthy: false };
    const agents = [agent("echo", [instance("a", 1), sick]), agent("poet")];
    const { endpoint } = translate(mesh({ agents }), contract);
    const listed = endpoint[0]?.message.endpoints.flatMap(({ lbEndpoints }) =>
      lbEndpoints.map(({ hostIdentifier }) =>
        hostIdentifier.case === "endpoint"
          ? hostIdentifier.value.address?.address.value
          : undefined,
      ),
    );
    expect(listed).to.have.length(1);
    expect(listed?.[0]).to.deep.include({ portSpecifier: { case: "portValue", value: 1 } });
    expect(endpoint[1]?.message).to.deep.include({ clusterName: "poet", endpoints: [] });
  });

  it("reaches an instance by its socket", () => {
    const unix = { ...instance("a", 1), address: { kind: "unix", path: "/run/a.sock" } as const };
    const { endpoint } = translate(mesh({ agents: [agent("echo", [unix])] }), contract);
    const host = endpoint[0]?.message.endpoints[0]?.lbEndpoints[0]?.hostIdentifier;
    const address = host?.case === "endpoint" ? host.value.address?.address : undefined;
    expect(address).to.deep.include({ case: "pipe" });
  });

  it("shares a route's calls by weight", () => {
    const to = [
      { agent: "echo", weight: 95 },
      { agent: "poet", weight: 5 },
    ];
    const table = tableOf(mesh({ routes: [route("echo", { to })] }));
    const rest = table.find(({ name }) => name === "echo");
    const action = rest?.action.case === "route" ? rest.action.value.clusterSpecifier : undefined;
    if (action?.case !== "weightedClusters") throw new Error("not weighted");
    expect(
      action.value.clusters.map(({ name, weight }) => ({ agent: name, weight })),
    ).to.deep.equal(to);
  });

  it("makes a claim a header only where a route is sticky by it, and shows it to no agent", () => {
    const to = [
      { agent: "echo", weight: 19 },
      { agent: "poet", weight: 1 },
    ];
    const plain = translate(mesh({ routes: [route("echo", { to })] }), contract);
    const always = ["smartcall-subject", "smartcall-token-id", "smartcall-expires"];
    const made = providerOf(plain.extension[0]?.message)?.claimToHeaders ?? [];
    expect(made.map(({ headerName }) => headerName)).to.deep.equal(always);
    const sticky = translate(mesh({ routes: [route("echo", { to, sticky: "team" })] }), contract);
    const header = providerOf(sticky.extension[0]?.message)?.claimToHeaders.at(-1);
    expect(header).to.include({ claimName: "team", headerName: "smartcall-sticky-team" });
    const [host] = sticky.route[0]?.message.virtualHosts ?? [];
    expect(host?.requestHeadersToRemove).to.deep.equal([
      ...always,
      "smartcall-address",
      "smartcall-sticky-team",
    ]);
  });

  it("reads bodies only for agents that have a route by model", () => {
    const match = { agent: "echo", headers: {}, claims: {}, models: ["small"] };
    const agents = [agent("echo"), agent("poet")];
    const beta = { agent: "echo", headers: { beta: "yes" }, claims: {} };
    const routes = [
      route("by-model", { match }),
      route("echo", { match: beta }),
      route("poet", { match: { ...beta, agent: "poet" } }),
    ];
    const reading = tableOf(mesh({ agents, routes }))
      .filter(({ typedPerFilterConfig }) => "model" in typedPerFilterConfig)
      .map(({ name }) => name);
    // The two of bodies that cannot be read, and of calls that no route takes, are echo's.
    expect(reading).to.have.members(["by-model", "echo", "invalid-request", "no-route"]);
  });

  it("believes of an instance only the named authorities, and the names it must have", () => {
    const tls = {
      authorities: "PEM",
      serverName: "poet.internal",
      names: [{ kind: "dns" as const, value: "poet.internal" }],
    };
    const agents = [agent("echo"), { ...agent("poet"), tls }];
    const [echo, poet] = translate(mesh({ agents }), contract).cluster;
    expect(echo?.message.transportSocketMatches).to.deep.equal([]);
    const [only] = poet?.message.transportSocketMatches ?? [];
    expect(only?.match).to.deep.equal({ reach: "authority" });
    const { configType } = only?.transportSocket ?? {};
    const context =
      configType?.case === "typedConfig"
        ? anyUnpack(configType.value, UpstreamTlsContextSchema)
        : undefined;
    expect(context?.sni).to.equal("poet.internal");
    const validation = context?.commonTlsContext?.validationContextType;
    if (validation?.case !== "validationContext") throw new Error("nothing is checked");
    expect(validation.value.trustedCa?.specifier).to.deep.include({ value: "PEM" });
    expect(validation.value.matchTypedSubjectAltNames).to.have.length(1);
  });

  it("tries again on an instance not asked before, for the reasons that the route gives", () => {
    const policyOf = (more: Partial<Route>) => {
      const [described] = translate(mesh({ routes: [route("echo", more)] }), contract).route;
      const table = described?.message ?? create(RouteConfigurationSchema);
      const found = routesOf(table).find(({ name }) => name === "echo");
      const own = found?.action.case === "route" ? found.action.value.retryPolicy : undefined;
      return own ?? table.virtualHosts[0]?.retryPolicy;
    };
    expect(policyOf({})).to.deep.include({
      retryOn: "connect-failure,refused-stream,retriable-headers",
      numRetries: 2,
    });
    const retry = { attempts: 5, on: ["reset", "unavailable"] } as const;
    expect(policyOf({ retry })).to.deep.include({
      retryOn: "connect-failure,refused-stream,retriable-headers,reset,unavailable",
      numRetries: 5,
    });
    expect(policyOf({ retry })?.retryHostPredicate).to.have.length(1);
  });

  it("lets nobody do without a token but on a public route, and with a certificate instead", () => {
    const certificates = ["spiffe://corp/batch"];
    const machine = { kind: "callers" as const, scopes: [], certificates, withoutToken: true };
    const both = { ...machine, claims: { plan: "present" as const } };
    const routes = [
      route("echo"),
      route("echo", { name: "machine", allow: machine }),
      route("echo", { name: "both", allow: both }),
      route("poet", { allow: { kind: "public" } }),
    ];
    const open = tableOf(mesh({ agents: [agent("echo"), agent("poet")], routes }))
      .filter(({ typedPerFilterConfig }) => "jwt" in typedPerFilterConfig)
      .map(({ name }) => name);
    const pages = ["healthz", "method-not-allowed", "jwks", "method-not-allowed"];
    expect(open).to.deep.equal(["machine", "poet", ...pages, "machine", "poet"]);
  });
});

function instance(id: string, port: number): Instance {
  const address = { kind: "ip", host: "127.0.0.1", port } as const;
  return { id, address, healthy: true, zone: "", version: "1" };
}

function providerOf(config: TypedExtensionConfig | undefined) {
  const packed = config?.typedConfig;
  if (packed === undefined) return undefined;
  return anyUnpack(packed, JwtAuthenticationSchema)?.providers[issuer.name];
}
