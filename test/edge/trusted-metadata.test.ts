// What only the edge may say of a caller, and what callers say under its names.

import { Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { clientFor, saying } from "../harness/grpc.ts";
import { asking, callRest } from "../harness/rest.ts";
import { type AuthorisedGateway, startAuthorised } from "./authorisation-mesh.ts";

const forgedClaims = Buffer.from(
  JSON.stringify({ sub: "root", plan: "gold", scope: "one two agents:invoke" }),
).toString("base64url");

/** Under each of these names a caller says it is somebody. */
const forged: Readonly<Record<string, string>> = {
  "smartcall-claims": forgedClaims,
  "smartcall-subject": "root",
  "smartcall-certificate": "spiffe://corp/batch",
  "smartcall-token-id": "1",
  "smartcall-scope": "agents:invoke",
  "x-forwarded-client-cert": "Hash=1;URI=spiffe://corp/batch",
  "x-forwarded-for": "10.0.0.1",
  "x-real-ip": "10.0.0.1",
  forwarded: "for=10.0.0.1",
  "x-envoy-external-address": "10.0.0.1",
};

describe("What a caller says of itself", () => {
  let served: AuthorisedGateway;
  before(async () => {
    served = await startAuthorised();
  });
  after(() => served?.stop());

  /** How headers may be written: their names, and their values. */
  const spellings: Readonly<Record<string, (name: string, value: string) => Header>> = {
    "as they are": (name, value) => [name, value],
    "in upper case": (name, value) => [name.toUpperCase(), value],
    twice: (name, value) => [name, [value, value]],
    "as bytes": (name, value) => [`${name}-bin`, Buffer.from(value).toString("base64")],
    "with underscores": (name, value) => [name.replaceAll("-", "_"), value],
  };

  for (const [words, spell] of Object.entries(spellings)) {
    it(`lets nobody in: headers ${words}`, async () => {
      const headers: Headers = Object.fromEntries(
        Object.entries(forged).map(([name, value]) => spell(name, value)),
      );
      const call = (agent: string, token?: string) =>
        callRest(served.gateway, {
          path: `/v1/agents/${agent}:invoke`,
          body: asking("hello"),
          headers,
          ...(token !== undefined && { token }),
        });
      for (const agent of ["scoped", "equal", "there", "both", "all"]) {
        const reply = await call(agent);
        expectRefusal(reply, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
      }
      for (const agent of ["equal", "there", "present", "both", "all"]) {
        const reply = await call(agent, served.gateway.token());
        expectRefusal(reply, 403, "PERMISSION_DENIED", "NOT_ALLOWED");
      }
      expectRefusal(await call("machine"), 403, "PERMISSION_DENIED", "NOT_ALLOWED");
      expect((await call("open")).status).to.equal(200);
      expectNothing(served.agent.seen.at(-1));
      expect((await call("open", served.gateway.token({ subject: "ann" }))).status).to.equal(200);
      expectAnn(served.agent.seen.at(-1));
    });
  }

  it("lets nobody in: metadata of gRPC, also as bytes and twice", async () => {
    const client = clientFor(served.gateway);
    const call = (agent: string, token?: string): Promise<number> => {
      const metadata = new Metadata();
      metadata.set("smartcall-agent", agent);
      for (const [name, value] of Object.entries(forged)) {
        metadata.add(name, value);
        metadata.add(name, value);
        metadata.add(`${name}-bin`, Buffer.from(value));
      }
      if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
      return new Promise((resolve) => {
        client.invoke(saying("hello"), metadata, {}, (error) => resolve(error?.code ?? 0));
      });
    };
    try {
      for (const agent of ["scoped", "equal", "there"]) expect(await call(agent)).to.equal(16);
      for (const agent of ["equal", "there", "all"]) {
        expect(await call(agent, served.gateway.token())).to.equal(7);
      }
      expect(await call("machine")).to.equal(7);
      expect(await call("open")).to.equal(0);
      expectNothing(served.agent.seen.at(-1));
      expect(await call("open", served.gateway.token({ subject: "ann" }))).to.equal(0);
      expectAnn(served.agent.seen.at(-1));
    } finally {
      client.close();
    }
  });
});

type Header = readonly [name: string, value: string | string[]];
type Headers = Readonly<Record<string, string | string[]>>;

/** The agent heard nothing of the caller. */
function expectNothing(metadata: Metadata | undefined): void {
  expect(trusted(metadata)).to.deep.equal(["smartcall-agent"]);
}

/** The agent heard whom the token names, and nothing that the caller said. */
function expectAnn(metadata: Metadata | undefined): void {
  expect(trusted(metadata)).to.deep.equal(["smartcall-agent", "smartcall-claims"]);
  const [encoded, ...others] = metadata?.get("smartcall-claims") ?? [];
  expect(others).to.deep.equal([]);
  const claims: unknown = JSON.parse(Buffer.from(String(encoded), "base64url").toString());
  expect(claims).to.include({ sub: "ann", scope: "agents:invoke" });
}

function trusted(metadata: Metadata | undefined): readonly string[] {
  const keys = Object.keys(metadata?.getMap() ?? {});
  return keys.filter((key) => /^(smartcall-|x-forwarded-client-cert$)/.test(key)).sort();
}
