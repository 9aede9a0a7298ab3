import { expect } from "chai";
import { edgeBootstrap, envoyArguments, httpsPortKey } from "./index.ts";

describe("a gateway's bootstrap", () => {
  const bootstrap: unknown = JSON.parse(
    edgeBootstrap({
      nodeId: "edge-1",
      controlPlane: { host: "127.0.0.1", port: 18_000 },
      joinToken: "s3cret",
      admin: { host: "127.0.0.1", port: 9_901 },
    }),
  );
  // No agent may have it, or that agent's cluster would take its place.
  const controlPlane = "smartcall:control-plane";
  const has = (path: string, value: unknown): void => {
    expect(bootstrap).to.have.nested.property(path).that.deep.equals(value);
  };

  it("says which node it is", () => {
    has("node", { id: "edge-1", cluster: "gateway" });
  });

  it("says in its metadata at which port it listens, where that is its own, and needs no admin pages", () => {
    const own: unknown = JSON.parse(
      edgeBootstrap({
        nodeId: "g2",
        controlPlane: { host: "127.0.0.1", port: 18_000 },
        joinToken: "s3cret",
        httpsPort: 8_444,
      }),
    );
    expect(own)
      .to.have.property("node")
      .that.deep.equals({ id: "g2", cluster: "gateway", metadata: { [httpsPortKey]: 8_444 } });
    expect(own).to.not.have.property("admin");
  });

  it("says in which zone it is, and is the only one of its fleet there", () => {
    const own: unknown = JSON.parse(
      edgeBootstrap({
        nodeId: "g2",
        controlPlane: { host: "127.0.0.1", port: 18_000 },
        joinToken: "s3cret",
        zone: "zone-a",
      }),
    );
    expect(own).to.have.nested.property("node.locality").that.deep.equals({ zone: "zone-a" });
    const fleet = "smartcall:own-zone";
    expect(own).to.have.nested.property("cluster_manager.local_cluster_name", fleet);
    expect(own).to.have.nested.property("static_resources.clusters[1].name", fleet);
    expect(bootstrap).to.not.have.property("cluster_manager");
  });

  it("asks the control plane for everything, by delta ADS", () => {
    const ads = "dynamic_resources.ads_config";
    has(`${ads}.api_type`, "DELTA_GRPC");
    has(`${ads}.grpc_services[0].envoy_grpc.cluster_name`, controlPlane);
    for (const source of ["cds_config", "lds_config"]) {
      has(`dynamic_resources.${source}.ads`, {});
      has(`dynamic_resources.${source}.initial_fetch_timeout`, "0s");
    }
  });

  it("has the join token where Envoy keeps what it shows to nobody, and nowhere else", () => {
    has("static_resources.secrets", [
      { name: "join", generic_secret: { secret: { inline_string: "Bearer s3cret" } } },
    ]);
    expect(JSON.stringify(bootstrap).split("s3cret")).to.have.length(2);
  });

  it("shows of Envoy's own pages none that changes anything", () => {
    const paths = JSON.stringify(bootstrap).match(/"allow_paths":\[.*?\]/)?.[0] ?? "";
    expect(paths).to.contain("/ready");
    expect(paths).to.not.match(/quit|drain|healthcheck|logging|runtime|profiler|"\/"/);
  });

  it("counts nothing of an agent before its first call", () => {
    has("deferred_stat_options.enable_deferred_creation_stats", true);
  });

  it("knows the control plane and nobody else", () => {
    expect(bootstrap).to.have.property("static_resources").that.has.all.keys("clusters", "secrets");
    expect(bootstrap).to.have.nested.property("static_resources.clusters").that.has.length(1);
    has("static_resources.clusters[0].name", controlPlane);
  });
});

describe("the arguments of Envoy", () => {
  it("name the bootstrap and how long streams may drain, and let several run on one host", () => {
    const given = envoyArguments("/run/boot.json", 900);
    expect(given.join(" ")).to.contain("--config-path /run/boot.json");
    expect(given.join(" ")).to.contain("--drain-time-s 900");
    expect(given).to.include("--use-dynamic-base-id");
  });
});
