import { expect } from "chai";
import type { Allow } from "../model/allow.ts";
import type { Route, RouteMatch } from "../model/mesh.ts";
import { mayCall } from "./may-call.ts";
import { type Reader, readerOf } from "./reader.ts";

const open: Allow = { kind: "public" };
const invoking: Allow = { kind: "callers", scopes: ["agents:invoke"] };
const caller = { sub: "me", scope: "agents:invoke other" };

describe("whether a reader may call an agent", () => {
  it("is for its scopes to say, and nobody without a token may but what is public", () => {
    expect(may(caller, [invoking])).to.equal(true);
    expect(may({ scope: ["agents:invoke"] }, [invoking])).to.equal(true);
    expect(may({ scope: "agents" }, [invoking])).to.equal(false);
    expect(may(undefined, [invoking])).to.equal(false);
    expect(may(undefined, [open])).to.equal(true);
    expect(may(caller, [])).to.equal(false);
  });

  it("is for its claims to say: texts, lists, numbers, and those within others", () => {
    const allow = (claims: Readonly<Record<string, "present" | readonly string[]>>): Allow => ({
      kind: "callers",
      scopes: [],
      claims,
    });
    expect(may({ plan: "gold" }, [allow({ plan: ["gold", "silver"] })])).to.equal(true);
    expect(may({ plan: ["iron", "gold"] }, [allow({ plan: ["gold"] })])).to.equal(true);
    expect(may({ level: 7, staff: true }, [allow({ level: ["7"], staff: ["true"] })])).to.equal(
      true,
    );
    expect(may({ plan: "iron" }, [allow({ plan: ["gold"] })])).to.equal(false);
    expect(may({ realm: { roles: ["a"] } }, [allow({ "realm.roles": ["a"] })])).to.equal(true);
    expect(may({ "realm.roles": "a" }, [allow({ "realm.roles": "present" })])).to.equal(true);
    expect(may({ realm: "roles" }, [allow({ "realm.roles": "present" })])).to.equal(false);
  });

  it("counts as said what only a call says: its certificate, its address, its headers", () => {
    const byCertificate: Allow = {
      kind: "callers",
      scopes: [],
      withoutToken: true,
      certificates: ["spiffe://corp/batch"],
    };
    expect(may(undefined, [byCertificate])).to.equal(true);
    expect(may(undefined, [{ ...byCertificate, scopes: ["agents:invoke"] }])).to.equal(false);
    const tier = route(open, { headers: { "x-tier": "one" } });
    expect(mayCall([tier, route(invoking)], undefined)).to.equal(true);
  });

  it("is decided by the first route that takes every call of the reader", () => {
    const gold = { claims: { plan: ["gold"] } };
    const routes = [route({ kind: "callers", scopes: ["never"] }, gold), route(invoking)];
    expect(mayCall(routes, { ...caller, plan: "gold" })).to.equal(false);
    expect(mayCall(routes, caller)).to.equal(true);
  });
});

describe("the claims that a gateway passes on", () => {
  it("are base64url of JSON, and anything else is no token", () => {
    const header = Buffer.from(JSON.stringify(caller)).toString("base64url");
    expect(readerOf(header)).to.deep.equal(caller);
    for (const wrong of [undefined, "", "!", Buffer.from("[1]").toString("base64url")]) {
      expect(readerOf(wrong)).to.equal(undefined);
    }
  });
});

function may(reader: Reader, allows: readonly Allow[]): boolean {
  return mayCall(
    allows.map((allow) => route(allow)),
    reader,
  );
}

function route(allow: Allow, match: Partial<RouteMatch> = {}): Route {
  return {
    name: "one",
    match: { agent: "one", headers: {}, claims: {}, ...match },
    to: [{ agent: "one", weight: 1 }],
    allow,
    timeoutMs: 1_000,
    origin: { file: "mesh.yaml", line: 1, column: 1 },
  };
}
