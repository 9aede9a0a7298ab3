// The pages for keys, with the real keys and revocations of a state of their own.

import { parseObject, systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import express from "express";
import { type OwnKeys, openOwnKeys } from "../source/own-keys.ts";
import { type OwnTokens, openOwnTokens } from "../source/own-tokens/index.ts";
import { type AuditEntry, audience, joinAudience, loadSigningKeys } from "../state/index.ts";
import { must, type TemporaryState, temporaryState } from "../state/temporary-state.test.ts";
import { verifyToken } from "../state/verify-token.ts";
import { createKeyOffice, type KeyOffice, type Reached } from "./key-office.ts";
import { keyPages } from "./key-pages.ts";
import { type Listening, listenForOperators } from "./listen.ts";

const down = {
  issuer: "https://a.test",
  url: "https://a.test/k",
  keys: 0,
  problem: "it is down",
};
const day = 86_400_000;

describe("the operator's pages for keys", () => {
  let temporary: TemporaryState;
  let keys: OwnKeys;
  let tokens: OwnTokens;
  let entries: AuditEntry[];
  let office: KeyOffice | undefined;
  let reached: Reached;
  let listening: Listening;

  beforeEach(async () => {
    temporary = await temporaryState();
    entries = [];
    reached = { holds: ["edge"], silent: [], cutOff: [] };
    const { state, report } = temporary;
    const now = (): Date => new Date();
    const audit = { note: (entry: AuditEntry) => entries.push(entry) };
    const signingKeys = must(await loadSigningKeys(state, { now: now(), report }));
    const common = { clock: systemClock, now, audit, report, changed: () => undefined };
    keys = must(
      await openOwnKeys(state, { ...common, mesh: "demo", signingKeys, hostname: "localhost" }),
    );
    tokens = must(
      await openOwnTokens(state, { ...common, mesh: () => "demo", signingKeys: keys.signingKeys }),
    );
    office = createKeyOffice({
      tokens,
      signingKeys: keys.signingKeys,
      rotate: keys.rotate,
      issuers: () => [down],
      reached: async () => reached,
      now,
      agents: () => new Set(["poet"]),
    });
    const app = express().use(keyPages(() => office));
    listening = await listenForOperators(app, { host: "127.0.0.1", port: 0 });
  });
  afterEach(async () => {
    if (listening.ok) await listening.close();
    await tokens.close();
    await keys.close();
    await temporary.remove();
  });

  const ask = async (path: string, body?: object): Promise<{ status: number; json: Answer }> => {
    const port = listening.ok ? listening.port : 0;
    const sent = body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, sent);
    expect(response.headers.get("cache-control")).to.equal("no-store");
    return { status: response.status, json: parseObject(await response.text()) ?? {} };
  };
  type Answer = Readonly<Record<string, unknown>>;

  it("make a join token for one node, which is listed as a key and is none", async () => {
    const order = { kind: "gateway", name: "g2", lifetimeMs: 60_000 };
    const { status, json } = await ask("/joins", order);
    expect(status).to.equal(200);
    const token = String(json["token"]);
    const wanted = { mesh: "demo", now: new Date() };
    expect(
      verifyToken(keys.signingKeys(), token, { ...wanted, audience: joinAudience }),
    ).to.include({
      ok: true,
      subject: "gateway/g2",
    });
    expect(verifyToken(keys.signingKeys(), token, { ...wanted, audience }).ok).to.equal(false);
    expect(tokens.keys().map(({ subject, scopes }) => [subject, scopes])).to.deep.equal([
      ["gateway/g2", ["mesh:join"]],
    ]);
    const more = [{ kind: "quota" }, { name: "G2" }, { name: "a/b" }, { lifetimeMs: "1d" }];
    for (const wrong of more) {
      expect((await ask("/joins", { ...order, ...wrong })).status, JSON.stringify(wrong)).to.equal(
        400,
      );
    }
  });

  it("make no join token for an agent that is not listed, and say the line to add", async () => {
    const order = { kind: "agent", name: "poet", lifetimeMs: 60_000 };
    expect((await ask("/joins", order)).status).to.equal(200);
    const { status, json } = await ask("/joins", { ...order, name: "nosuch" });
    expect(status).to.equal(400);
    expect(JSON.stringify(json)).to.contain("add `nosuch: {}` under `agents` first");
    expect(tokens.keys().map(({ subject }) => subject)).to.deep.equal(["agent/poet"]);
  });

  it("say of a revoked join token that it is in force at once: no gateway has to know", async () => {
    reached = { holds: ["edge"], silent: [], cutOff: ["g2"] };
    const { json } = await ask("/joins", { kind: "gateway", name: "g2", lifetimeMs: 60_000 });
    const { json: told } = await ask("/revocations", { id: json["id"] });
    expect(told["gateways"]).to.deep.equal({ holds: ["edge"], silent: [], cutOff: [] });
  });
  const order = { subject: "billing", scopes: ["agents:invoke"], lifetimeMs: day };

  it("make a key, list it without its token, and revoke it", async () => {
    const made = await ask("/keys", { ...order, claims: { plan: "gold" } });
    expect(made.status).to.equal(200);
    const { id, token } = made.json;
    expect(String(token).split(".")).to.have.length(3);
    const { json } = await ask("/keys");
    expect(JSON.stringify(json)).to.include(String(id)).and.not.include(String(token).slice(-40));
    expect(json["keys"]).to.have.length(1);
    reached = { holds: ["edge"], silent: ["g2"], cutOff: ["g3"] };
    const revoked = await ask("/revocations", { id });
    expect(revoked.json).to.deep.equal({ known: true, gateways: reached });
    const list = (await ask("/keys")).json;
    expect(JSON.stringify(list["keys"])).to.include('"revoked":true');
    expect(entries.map(({ who, what }) => `${who}: ${what}`)).to.deep.equal([
      "local: api keys",
      "local: revocations",
    ]);
  });

  it("revoke a subject, and restore it", async () => {
    await ask("/keys", order);
    const { json } = await ask("/revocations", { subject: "billing" });
    expect(json["known"]).to.equal(true);
    expect(tokens.denied().subjects).to.deep.equal(["billing"]);
    const restored = await ask("/revocations/restore", { subject: "billing" });
    expect(restored.json["known"]).to.equal(true);
    expect(tokens.denied().subjects).to.deep.equal([]);
  });

  it("rotate the keys that sign, and show which one does", async () => {
    const { json } = await ask("/keys/rotate", { algorithm: "RS256" });
    expect(JSON.stringify(json["signing"])).to.match(/ES256.*signs.*RS256.*published/);
    expect(keys.signingKeys()).to.have.length(2);
    expect(entries.at(-1)).to.include({ who: "local", what: "signing keys" });
  });

  it("show whose keys cannot be fetched", async () => {
    expect((await ask("/keys")).json["issuers"]).to.deep.equal([down]);
  });

  const wrong: readonly (readonly [string, object])[] = [
    ["/keys", {}],
    ["/keys", { ...order, subject: "" }],
    ["/keys", { ...order, subject: "a\nb" }],
    ["/keys", { ...order, subject: "x".repeat(2_000) }],
    ["/keys", { ...order, scopes: "agents:invoke" }],
    ["/keys", { ...order, scopes: [7] }],
    ["/keys", { ...order, lifetimeMs: "1d" }],
    ["/keys", { ...order, lifetimeMs: 400 * day }],
    ["/keys", { ...order, claims: { iss: "me" } }],
    ["/keys", { ...order, claims: [] }],
    ["/keys/rotate", { algorithm: "none" }],
    ["/revocations", {}],
    ["/revocations", { id: 7 }],
    ["/revocations", { id: "a", subject: "b" }],
    ["/revocations", { subject: "" }],
    ["/revocations/restore", { id: "a" }],
  ];
  it("change nothing where what is sent makes no sense, and say what to send", async () => {
    for (const [path, body] of wrong) {
      const { status, json } = await ask(path, body);
      expect(status, JSON.stringify(body)).to.equal(400);
      expect(JSON.stringify(json)).to.include("INVALID_REQUEST");
    }
    expect(entries).to.deep.equal([]);
    expect(tokens.keys()).to.deep.equal([]);
  });

  it("do nothing before a mesh is served", async () => {
    office = undefined;
    expect((await ask("/keys")).status).to.equal(503);
    expect((await ask("/revocations", { subject: "billing" })).status).to.equal(503);
  });
});
