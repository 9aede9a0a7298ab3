import { expect } from "chai";
import { instanceSockets, sidecarArguments, sidecarBootstrap } from "./index.ts";

describe("a sidecar's bootstrap", () => {
  const given = {
    agent: "poet",
    instance: "poet-1",
    controlPlane: { host: "127.0.0.1", port: 18_000 },
    joinToken: "s3cret",
    inboundPort: 21_000,
    egressPort: 21_001,
  };
  const bootstrap: unknown = JSON.parse(sidecarBootstrap(given));
  const has = (path: string, value: unknown): void => {
    expect(bootstrap).to.have.nested.property(path).that.deep.equals(value);
  };

  it("says whose it is, and the ports that it is to be given", () => {
    has("node", {
      id: "poet/poet-1",
      cluster: "agent/poet",
      metadata: { inbound_port: 21_000, egress_port: 21_001 },
    });
    const reached: unknown = JSON.parse(sidecarBootstrap({ ...given, inboundHost: "10.0.0.7" }));
    expect(reached).to.have.nested.property("node.metadata.inbound_host", "10.0.0.7");
  });

  it("has the join token where Envoy shows it to nobody, and nowhere else", () => {
    has("static_resources.secrets[0].generic_secret.secret.inline_string", "Bearer s3cret");
    expect(JSON.stringify(bootstrap).split("s3cret")).to.have.length(2);
  });

  it("opens sockets by names in its own folder, to its owner alone", () => {
    has("admin.address.pipe", { path: instanceSockets.admin, mode: 0o600 });
    has("static_resources.listeners[0].address.pipe", { path: instanceSockets.lease, mode: 0o600 });
    expect(bootstrap).to.have.nested.property("static_resources.listeners").that.has.length(1);
    for (const name of Object.values(instanceSockets)) expect(name).to.match(/^[a-z]+\.sock$/);
  });

  it("shows of Envoy's own pages none that changes anything", () => {
    const paths = JSON.stringify(bootstrap).match(/"allow_paths":\[.*?\]/)?.[0] ?? "";
    expect(paths).to.contain("/ready");
    expect(paths).to.not.match(/quit|drain|healthcheck|logging|runtime|profiler|"\/"/);
  });

  it("names whose lines they are in the log, and takes one worker", () => {
    const line = sidecarArguments("poet").join(" ");
    expect(line).to.contain('"name":"poet sidecar"').and.contain("--concurrency 1");
  });
});
