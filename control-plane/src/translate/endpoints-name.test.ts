import { expect } from "chai";
import { clusterOfEndpoints, endpointsName } from "./endpoints-name.ts";

describe("the name of an agent's endpoints", () => {
  const tls = {
    authorities: "PEM",
    names: [{ kind: "dns" as const, value: "one.internal" }],
    serverName: "one.internal",
  };

  it("is the agent's own where they are reached in the clear", () => {
    expect(endpointsName({ name: "echo" })).to.equal("echo");
  });

  it("is another for each way of TLS, so that no cluster is given endpoints that it cannot reach", () => {
    const secure = endpointsName({ name: "echo", tls });
    expect(secure).to.match(/^echo:[0-9a-f]{16}$/);
    expect(endpointsName({ name: "echo", tls: { ...tls } })).to.equal(secure);
    expect(endpointsName({ name: "echo", tls: { ...tls, authorities: "other" } })).to.not.equal(
      secure,
    );
  });

  it("tells whose they are", () => {
    for (const each of [undefined, tls]) {
      expect(clusterOfEndpoints(endpointsName({ name: "echo", tls: each }))).to.equal("echo");
    }
    expect(clusterOfEndpoints("smartcall:quota")).to.equal("smartcall:quota");
  });
});
