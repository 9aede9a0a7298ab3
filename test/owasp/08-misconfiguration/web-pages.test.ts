// API8:2023: web pages of other origins call only where the mesh names them; in a real browser.
import { expect } from "chai";
import type { Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "../../harness/browser.ts";
import { expectRefusal } from "../../harness/expect-refusal.ts";
import { valueAt } from "../../harness/json.ts";
import { asking, callRest, type RestReply } from "../../harness/rest.ts";
import { type Attacked, startAttacked } from "../attacked.ts";

describe("OWASP API8: web pages of other origins", function () {
  this.timeout(60_000);
  let browser: TestBrowser;
  let mesh: Attacked;
  let closed: Attacked;
  before(async () => {
    browser = await startBrowser();
    mesh = await startAttacked({ corsOrigins: [browser.originOf("app")] });
    closed = await startAttacked();
  });
  after(async () => {
    await browser?.stop();
    await mesh?.stop();
    await closed?.stop();
  });

  const fetchIn = async (
    page: Page,
    server: Attacked,
    more: FetchOptions = {},
  ): Promise<Fetched> => {
    const { agent = "echo", method = "invoke", token = server.gateway.token(), ...rest } = more;
    return page.evaluate(fetchAndRead, {
      url: `${server.gateway.url}/v1/agents/${agent}:${method}`,
      token,
      body: JSON.stringify(asking("one two three")),
      ...rest,
    });
  };

  it("a page that the mesh names calls with its token, and reads the answer and its headers", async () => {
    const page = await browser.open("app");
    const found = await fetchIn(page, mesh);
    expect(found, JSON.stringify(found)).to.include({ status: 200 });
    expect(found.chunks.join("")).to.contain("one two three");
    expect(found.headers).to.include.keys("x-request-id");
    const refused = await fetchIn(page, mesh, { agent: "vault" });
    expect(refused).to.include({ status: 403 });
    expect(refused.headers).to.include({ "smartcall-rule": "vault" });
    expect(refused.chunks.join("")).to.contain("NOT_ALLOWED");
    expect(await fetchIn(page, mesh, { token: "nonsense" })).to.include({ status: 401 });
  });

  it("it reads a stream event by event, while it runs", async () => {
    const page = await browser.open("app");
    const found = await fetchIn(page, mesh, { method: "stream" });
    expect(found).to.include({ status: 200 });
    expect(found.headers).to.include({ "content-type": "text/event-stream" });
    expect(found.chunks.length, JSON.stringify(found.chunks)).to.be.greaterThan(1);
    const text = found.chunks.join("");
    for (const word of ["one", "two", "three"]) expect(text).to.contain(`"content":"${word}"`);
  });

  it("it asks once whether it may, and not again for hours", async () => {
    const page = await browser.open("app");
    // Envoy counts preflights and calls together.
    const counted = (): Promise<number> => mesh.gateway.stat("http.edge.cors.origin_valid");
    const before = await counted();
    for (const _ of [1, 2, 3]) {
      expect(await fetchIn(page, mesh, { agent: "open" })).to.include({ status: 200 });
    }
    expect((await counted()) - before).to.equal(4);
  });

  for (const name of ["other", "app.evil", "evil-app", "xapp"]) {
    it(`a page of ${name} reads nothing and reaches no agent`, async () => {
      const page = await browser.open(name);
      const before = mesh.agent.seen.length;
      expect((await fetchIn(page, mesh)).failed).to.match(/Failed to fetch/);
      expect(mesh.agent.seen.length).to.equal(before);
    });
  }

  it("no page calls a mesh that names none", async () => {
    const page = await browser.open("app");
    const before = closed.agent.seen.length;
    expect((await fetchIn(page, closed)).failed).to.match(/Failed to fetch/);
    expect((await fetchIn(page, closed, { agent: "open" })).failed).to.match(/Failed to fetch/);
    expect(closed.agent.seen.length).to.equal(before);
    const reply = await preflight(closed, browser.originOf("app"));
    expectRefusal(reply, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED");
    expect(policyOf(reply)).to.deep.equal([]);
  });

  it("cookies stay out of it", async () => {
    const page = await browser.open("app");
    expect((await fetchIn(page, mesh, { credentials: "include" })).failed).to.match(/Failed/);
  });

  it("a preflight needs no token, and is told all that it may", async () => {
    const origin = browser.originOf("app");
    const reply = await preflight(mesh, origin);
    expect(reply.status).to.equal(200);
    expect(reply.headers).to.include({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "GET, POST",
      "access-control-max-age": "7200",
    });
    expect(reply.headers["access-control-allow-headers"]).to.contain("authorization");
    expect(reply.headers).to.not.have.property("access-control-allow-credentials");
  });

  it("only exactly the named origins are", async () => {
    const origin = browser.originOf("app");
    const others = [
      "null",
      "*",
      origin.replace("http:", "https:"),
      origin.toUpperCase(),
      `${origin}/`,
      `${origin}.evil.example`,
      origin.replace("app.", "app_"),
      origin.replace(/:\d+$/, ""),
      `${origin} https://evil.example`,
      `https://evil.example ${origin}`,
      "",
    ];
    for (const each of others) {
      const reply = await preflight(mesh, each);
      expectRefusal(reply, 403, "PERMISSION_DENIED", "NOT_ALLOWED");
      expect(policyOf(reply), each).to.deep.equal([]);
      const call = await mesh.call({ headers: { origin: each } });
      expect(call.status).to.equal(200);
      expect(policyOf(call), each).to.deep.equal([]);
    }
    const call = await mesh.call({ headers: { origin } });
    expect(call.headers.vary).to.equal("origin");
    expect(policyOf(call)).to.include("access-control-allow-origin");
  });
});

interface FetchOptions {
  readonly agent?: string;
  readonly method?: string;
  readonly token?: string;
  readonly credentials?: "include";
}

interface Fetched {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly string[];
  readonly failed?: string;
}

/** Runs in the page. */
async function fetchAndRead(call: {
  readonly url: string;
  readonly token: string;
  readonly body: string;
  readonly credentials?: "include";
}): Promise<Fetched> {
  try {
    const response = await fetch(call.url, {
      method: "POST",
      headers: { authorization: `Bearer ${call.token}`, "content-type": "application/json" },
      body: call.body,
      credentials: call.credentials ?? "omit",
    });
    const chunks: string[] = [];
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      chunks.push(read.value);
    }
    return { status: response.status, headers: Object.fromEntries(response.headers), chunks };
  } catch (error) {
    return { headers: {}, chunks: [], failed: String(error) };
  }
}

function preflight(mesh: Attacked, origin: string): Promise<RestReply> {
  return callRest(mesh.gateway, {
    method: "OPTIONS",
    path: "/v1/agents/echo:invoke",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    },
  });
}

function policyOf(reply: RestReply): readonly string[] {
  return Object.keys(reply.headers).filter(
    (name) => name.startsWith("access-control-") && valueAt(reply.headers, name) !== undefined,
  );
}
