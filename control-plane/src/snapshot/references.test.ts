import { createHash } from "node:crypto";
import { fromJson, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { registry } from "@smartcall/envoy/api/registry.js";
import { expect } from "chai";
import { emptySnapshot } from "./compare.ts";
import { danglingReferences } from "./consistency.ts";
import { referencesOf } from "./references.ts";
import { type Resource, type ResourceType, typeUrls } from "./snapshot.ts";
import { viewOf } from "./view.ts";

function resource(type: ResourceType, name: string, json: JsonValue): Resource {
  const schema = registry.getMessage(typeUrls[type].replace(/^.*\//, ""));
  if (schema === undefined) throw new Error(`no schema for ${type}`);
  const body = toBinary(schema, fromJson(schema, json, { registry }));
  return { name, version: createHash("sha256").update(body).digest("hex"), body };
}

const route = resource("route", "r", {
  name: "r",
  virtualHosts: [
    {
      name: "all",
      domains: ["*"],
      routes: [
        { match: { prefix: "/one" }, route: { cluster: "plain" } },
        {
          match: { prefix: "/two" },
          route: {
            weightedClusters: { clusters: [{ name: "heavy", weight: 1 }, { name: "plain" }] },
            requestMirrorPolicies: [{ cluster: "mirror" }],
          },
        },
        { match: { prefix: "/" }, directResponse: { status: 404 } },
      ],
    },
  ],
});

const hcm = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3";
const tls = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3";
const jwt = "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3";
const chain = {
  filters: [
    {
      name: "http",
      typedConfig: {
        "@type": `${hcm}.HttpConnectionManager`,
        statPrefix: "edge",
        rds: { routeConfigName: "r", configSource: { ads: {} } },
        httpFilters: [
          {
            name: "jwt",
            configDiscovery: {
              configSource: { ads: {} },
              typeUrls: [`${jwt}.JwtAuthentication`],
            },
          },
        ],
      },
    },
  ],
  transportSocket: {
    name: "tls",
    typedConfig: {
      "@type": `${tls}.DownstreamTlsContext`,
      commonTlsContext: {
        tlsCertificateSdsSecretConfigs: [{ name: "cert", sdsConfig: { ads: {} } }],
      },
    },
  },
};

describe("what a resource names", () => {
  it("A53 finds clusters wherever a route can name them, each once", () => {
    expect(referencesOf("route", route)).to.deep.equal({ cluster: ["heavy", "mirror", "plain"] });
  });

  it("A53 B15 finds routes, secrets and extensions of a listener, in its default chain as well", () => {
    const names = { route: ["r"], secret: ["cert"], extension: ["jwt"] };
    const listener = resource("listener", "l", { name: "l", filterChains: [chain] });
    expect(referencesOf("listener", listener)).to.deep.equal(names);
    const fallback = resource("listener", "l", { name: "l", defaultFilterChain: chain });
    expect(referencesOf("listener", fallback)).to.deep.equal(names);
  });

  it("A53 finds the cluster that an extension fetches its keys from", () => {
    const extension = resource("extension", "jwt", {
      name: "jwt",
      typedConfig: {
        "@type": `${jwt}.JwtAuthentication`,
        providers: {
          one: {
            remoteJwks: { httpUri: { uri: "https://x/keys", cluster: "keys", timeout: "1s" } },
          },
        },
      },
    });
    expect(referencesOf("extension", extension)).to.deep.equal({ cluster: ["keys"] });
  });

  it("A54 takes a cluster's endpoints by service name, or by its own", () => {
    const eds = { edsConfig: { ads: {} } };
    const own = resource("cluster", "c", { name: "c", type: "EDS", edsClusterConfig: eds });
    expect(referencesOf("cluster", own)).to.deep.equal({ endpoint: ["c"] });
    const shared = resource("cluster", "c", {
      name: "c",
      type: "EDS",
      edsClusterConfig: { ...eds, serviceName: "e" },
    });
    expect(referencesOf("cluster", shared)).to.deep.equal({ endpoint: ["e"] });
  });

  it("finds nothing in what cannot be read", () => {
    const junk = { name: "r", version: "1", body: new Uint8Array([255, 255, 255]) };
    expect(referencesOf("route", junk)).to.deep.equal({});
  });
});

describe("a snapshot's consistency", () => {
  it("A53 names each resource that leads nowhere, in a sentence", () => {
    const snapshot = {
      ...emptySnapshot,
      route: new Map([["r", route]]),
      cluster: new Map(
        ["plain", "heavy"].map((name) => [name, { name, version: "1", body: new Uint8Array() }]),
      ),
    };
    const { references } = viewOf(snapshot, undefined);
    expect(danglingReferences(snapshot, references).map(({ message }) => message)).to.deep.equal([
      'The route "r" names the cluster "mirror", which does not exist.',
    ]);
  });
});

describe("a view", () => {
  it("A23 B16 has one version for the same content, in any order, and another for other content", () => {
    const a = resource("cluster", "a", { name: "a" });
    const b = resource("cluster", "b", { name: "b" });
    const view = (...resources: readonly Resource[]) =>
      viewOf(
        { ...emptySnapshot, cluster: new Map(resources.map((each) => [each.name, each])) },
        undefined,
      );
    expect(view(a, b).versions.cluster).to.equal(view(b, a).versions.cluster);
    expect(view(a, b).versions.cluster).not.to.equal(view(a).versions.cluster);
  });

  it("A84 keeps the identity of what has not changed, and does not read it again", () => {
    const snapshot = { ...emptySnapshot, route: new Map([["r", route]]) };
    const copy = { ...emptySnapshot, route: new Map([["r", { ...route }]]) };
    const before = viewOf(snapshot, undefined);
    const after = viewOf(copy, before, () => expect.fail("read again"));
    expect(after.snapshot.route.get("r")).to.equal(route);
    expect(after.references.get(route)).to.deep.equal(before.references.get(route));
  });
});
