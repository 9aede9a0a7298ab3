import { expect } from "chai";
import { redact } from "./redact.ts";

describe("a client's text", () => {
  it("A60 shows no key that it quotes, whole or cut", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----";
    expect(redact(`cannot load ${key}: bad`)).to.equal("cannot load (withheld): bad");
    expect(redact("cannot load -----BEGIN PRIVATE KEY-----\nMIGH")).not.to.include("MIGH");
    expect(redact(`value ${"Ab3".repeat(20)} is bad`)).to.equal("value (withheld) is bad");
  });

  it("keeps the names that tell what is wrong, and bounds its length", () => {
    const text = "envoy.config.cluster.v3.Cluster: field 'connect_timeout' is bad";
    expect(redact(text)).to.equal(text);
    expect(redact("x ".repeat(5000))).to.have.length.at.most(2000);
  });
});
