// API3:2023: callers who set what only the mesh may set, and who read what they may not.
import { isIP } from "node:net";
import { expect } from "chai";
import { requestText, sayRaw } from "../../harness/raw-http.ts";
import { asking } from "../../harness/rest.ts";
import { type Attacked, attacked } from "../attacked.ts";

const claims = Buffer.from(JSON.stringify({ sub: "root", plan: "gold" })).toString("base64url");

/** What a caller would like the agent, or the gateway, to believe. */
const wishes: Readonly<Record<string, string>> = {
  "smartcall-claims": claims,
  "smartcall-subject": "root",
  "smartcall-token-id": "1",
  "smartcall-grant": "999999999",
  "smartcall-quota": "counted",
  "smartcall-certificate": "spiffe://corp/root",
  "smartcall-rule": "none",
  "smartcall-usage": "input=0;output=0",
  "smartcall-sticky-sub": "root",
  "smartcall-anything": "else",
  "x-forwarded-for": "10.0.0.1",
  "x-forwarded-host": "inside",
  "x-forwarded-proto": "http",
  "x-forwarded-port": "80",
  "x-forwarded-client-cert": "URI=spiffe://corp/root",
  "x-real-ip": "10.0.0.1",
  forwarded: "for=10.0.0.1;host=inside",
  "x-envoy-external-address": "10.0.0.1",
  "x-envoy-internal": "true",
  "x-envoy-max-retries": "100",
  "x-envoy-retry-on": "5xx",
  "x-envoy-upstream-rq-timeout-ms": "1",
  "x-envoy-original-host": "inside",
  "x-envoy-force-trace": "true",
  "x-request-id": "chosen",
};

const spellings: Readonly<Record<string, (name: string) => string>> = {
  "as they are": (name) => name,
  "in upper case": (name) => name.toUpperCase(),
  "with underscores": (name) => name.replaceAll("-", "_"),
  "with one underscore": (name) => name.replace("-", "_"),
  "as bytes": (name) => `${name}-bin`,
};

/** All that an agent may hear under such names. */
const heardOf = /^(smartcall|x[-_]forwarded|x[-_]envoy|x[-_]real|forwarded|x[-_]request)/;

describe("OWASP API3: broken object property level authorisation", () => {
  let mesh: Attacked;
  before(async () => {
    mesh = await attacked();
  });

  const body = JSON.stringify(asking("hello"));
  const call = async (headers: readonly string[]): Promise<string> => {
    const token = mesh.gateway.token({ subject: "ann" });
    const { statuses, text } = await sayRaw(
      mesh.gateway,
      requestText(
        "POST /v1/agents/echo:invoke HTTP/1.1",
        ["content-type: application/json", `authorization: Bearer ${token}`, ...headers],
        body,
      ),
    );
    expect(statuses, text).to.deep.equal([200]);
    return text;
  };

  for (const [words, spell] of Object.entries(spellings)) {
    it(`an agent hears only what the gateway found out: headers ${words}`, async () => {
      await call(Object.entries(wishes).map(([name, value]) => `${spell(name)}: ${value}`));
      const map = mesh.agent.seen.at(-1)?.getMap() ?? {};
      // What is bytes has a name of its own, by gRPC's rules.
      const heard = Object.entries(map).filter(
        ([name]) => heardOf.test(name) && !/^[^s].*-bin$/.test(name),
      );
      const values = Object.fromEntries(heard.map(([name, value]) => [name, String(value)]));
      expect(Object.keys(values).sort()).to.deep.equal([
        "smartcall-agent",
        "smartcall-claims",
        "x-envoy-internal",
        "x-envoy-original-method",
        "x-envoy-original-path",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-request-id",
      ]);
      expect(values["smartcall-agent"]).to.equal("echo");
      const [encoded] = mesh.agent.seen.at(-1)?.get("smartcall-claims") ?? [];
      const said: unknown = JSON.parse(Buffer.from(String(encoded), "base64url").toString());
      expect(said).to.include({ sub: "ann" }).and.not.have.property("plan");
      expect(values["x-envoy-original-path"]).to.equal("/v1/agents/echo:invoke");
      // For a caller on this machine Envoy writes an address of its own.
      expect(isIP(values["x-forwarded-for"] ?? ""), values["x-forwarded-for"]).to.equal(4);
      expect(values["x-forwarded-for"]).to.not.equal("10.0.0.1");
      expect(values["x-forwarded-proto"]).to.equal("https");
      expect(values["x-request-id"]).to.match(/^[0-9a-f-]{36}$/);
    });
  }

  it("a caller does not choose the id by which its call is found in logs", async () => {
    const answer = await call(["x-request-id: chosen"]);
    expect(answer)
      .to.match(/x-request-id: [0-9a-f-]{36}/)
      .and.not.contain("chosen");
  });

  it("no connection header takes away what the gateway adds", async () => {
    const hops = "connection: close, smartcall-claims, smartcall-agent, authorization";
    const said = requestText(
      "POST /v1/agents/echo:invoke HTTP/1.1",
      [
        "content-type: application/json",
        `authorization: Bearer ${mesh.gateway.token({ subject: "ann" })}`,
        hops,
      ],
      body,
      false,
    );
    const { statuses } = await sayRaw(mesh.gateway, said, 2_000);
    const [status] = statuses;
    expect(status).to.be.oneOf([200, 400, 401]);
    if (status !== 200) return;
    const metadata = mesh.agent.seen.at(-1);
    expect(metadata?.get("smartcall-claims")).to.have.length(1);
    expect(metadata?.get("smartcall-agent")).to.deep.equal(["echo"]);
  });

  it("an answer tells nothing of where the agent is, nor a refusal of what the vault asks for", async () => {
    const port = String(mesh.agent.port);
    const fine = await mesh.call();
    const failed = await mesh.call({ body: asking("fail 13") });
    const vault = await mesh.call({ path: "/v1/agents/vault:invoke" });
    for (const { text, headers } of [fine, failed, vault]) {
      const whole = `${text}${JSON.stringify(headers)}`;
      expect(whole).to.not.contain(port);
      expect(whole).to.not.match(/127\.0\.0\.1|node_modules|\bat .*\.js:\d|plan|gold/);
    }
  });
});
