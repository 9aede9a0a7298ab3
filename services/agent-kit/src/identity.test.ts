// Who calls, as an agent is told it.

import { Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import type { Call } from "./call.ts";
import { certificateNamesOf, identityOf } from "./identity.ts";
import { delta } from "./pieces.ts";
import { testAgent } from "./test-agent.ts";
import { metadataOf } from "./testing/ask-wire.ts";

describe("the caller, as an agent sees it", () => {
  it("is what the edge says of the token", () => {
    const claims = {
      iss: "https://login.example.com",
      sub: "ann",
      scope: "agents:invoke  write",
      exp: 1_800_000_000.5,
      plan: ["gold"],
      nested: { name: "Zoë" },
    };
    expect(identityOf(told(JSON.stringify(claims)))).to.deep.equal({
      subject: "ann",
      issuer: "https://login.example.com",
      scopes: ["agents:invoke", "write"],
      claims,
      expires: new Date(1_800_000_000_500),
    });
  });

  it("has the scopes that some issuers write as a list, and may have no name", () => {
    const identity = identityOf(told('{"scope":["one",2,"two"],"sub":7}'));
    expect(identity).to.deep.include({ scopes: ["one", "two"], subject: "", issuer: "" });
    expect(identity).to.not.have.property("expires");
  });

  it("is absent where no token was shown, or nothing that the edge writes came", () => {
    expect(identityOf(new Metadata())).to.equal(undefined);
    for (const text of ["", "null", "[]", '"ann"', "{", "7"]) {
      expect(identityOf(told(text)), text).to.equal(undefined);
    }
  });

  it("has each name of its certificate", () => {
    const names = ["spiffe://a/one", "spiffe://a/two"];
    const shown = metadataOf({ "smartcall-certificate": names.join() });
    expect(certificateNamesOf(shown)).to.deep.equal(names);
    expect(certificateNamesOf(new Metadata())).to.equal(undefined);
  });

  it("is whom a test says", async () => {
    const calls: Call[] = [];
    const agent = testAgent({
      name: "poet",
      async *stream(call) {
        calls.push(call);
        yield delta("a");
      },
    });
    await agent.invoke("a");
    await agent.invoke("a", { caller: { subject: "ann", claims: { plan: "gold" } } });
    await agent.invoke("a", { certificateNames: ["billing.example.com"] });
    expect(calls[0]).to.not.have.any.keys("caller", "certificateNames");
    const { issuer, ...caller } = calls[1]?.caller ?? {};
    expect(issuer).to.be.a("string");
    expect(caller).to.deep.equal({
      subject: "ann",
      scopes: ["agents:invoke"],
      claims: { plan: "gold" },
    });
    expect(calls[2]?.certificateNames).to.deep.equal(["billing.example.com"]);
    const expired: unknown = await agent
      .invoke("a", { caller: { expires: new Date(0) } })
      .catch((thrown: unknown) => thrown);
    expect(expired).to.include({ code: "UNAUTHENTICATED" });
    expect(expired).to.have.nested.property("details.reason", "TOKEN_EXPIRED");
  });
});

function told(json: string): Metadata {
  return metadataOf({ "smartcall-claims": Buffer.from(json).toString("base64url") });
}
