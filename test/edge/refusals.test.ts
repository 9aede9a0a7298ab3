import { connect } from "node:tls";
import { expect } from "chai";
import { detailOf, violationOf } from "../harness/error-details.ts";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal, messageOf } from "../harness/expect-refusal.ts";
import { textAt, valueAt } from "../harness/json.ts";
import { asking, callRest, type RestReply, type RestRequest } from "../harness/rest.ts";
import { tellRefusals } from "../harness/tell-refusals.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type RefusingGateway, startRefusing } from "./refusing-gateway.ts";

describe("The edge refuses", () => {
  let refusing: RefusingGateway;
  before(async () => {
    refusing = await startRefusing();
  });
  after(() => refusing.stop());

  tellRefusals(() => ({ ...refusing, server: refusing.gateway }), "refusing");

  it("and Envoy takes all that it is told with", () => {
    expect(refusing.gateway.refused).to.deep.equal([]);
  });
});

describe("The edge refuses a call", () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.stop());

  const invoke = (agent: string, more: Partial<RestRequest> = {}): Promise<RestReply> =>
    callRest(gateway, {
      path: `/v1/agents/${agent}:invoke`,
      token: gateway.token(),
      body: asking("hello"),
      ...more,
    });

  it("that none of the agent's routes takes", async () => {
    const token = gateway.token({ claims: { plan: ["other", "gold"] } });
    const taken = await invoke("gold", { token, headers: { "x-tier": "one" } });
    expect(taken.status).to.equal(200);
    expectRefusal(await invoke("gold", { token }), 403, "PERMISSION_DENIED", "NO_ROUTE");
    const headers = { "x-tier": "one" };
    expectRefusal(await invoke("gold", { headers }), 403, "PERMISSION_DENIED", "NO_ROUTE");
  });

  it("by the route that its claims lead to, also where others need no token", async () => {
    const path = "/v1/agents/hidden:invoke";
    expect((await callRest(gateway, { path, body: asking("a") })).status).to.equal(200);
    const token = gateway.token({ claims: { plan: "gold" } });
    const reply = await invoke("hidden", { token, headers: { "x-tier": "one" } });
    expectRefusal(reply, 403, "PERMISSION_DENIED", "SCOPE_MISSING");
  });

  it("to an unknown method or path", async () => {
    const verb = await invoke("echo", { path: "/v1/agents/echo:dance" });
    expectRefusal(verb, 404, "NOT_FOUND", "UNKNOWN_AGENT");
    expectRefusal(await invoke("echo", { path: "/" }), 404, "NOT_FOUND", "UNKNOWN_PATH");
    const escaped = await invoke("echo", { path: "/v1/agents%2Fecho:invoke" });
    expectRefusal(escaped, 404, "NOT_FOUND", "UNKNOWN_PATH");
  });

  it("of /healthz with another method, and says which it takes", async () => {
    for (const method of ["POST", "DELETE", "OPTIONS"]) {
      const refused = await callRest(gateway, { path: "/healthz", method });
      expectRefusal(refused, 405, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED");
      expect(refused.headers.allow).to.equal("GET, HEAD");
    }
    expect((await callRest(gateway, { path: "/healthz", method: "HEAD" })).status).to.equal(200);
  });

  it("that wants a tunnel, another protocol or the server itself", async () => {
    const upgrade = { connection: "Upgrade", upgrade: "websocket" };
    const path = "/v1/agents/echo:invoke";
    const changed = await callRest(gateway, { path, method: "GET", headers: upgrade });
    expectRefusal(changed, 403, "PERMISSION_DENIED", "UPGRADE_NOT_ALLOWED");
    const tunnel = await said(gateway, "CONNECT example.com:443");
    expect(tunnel)
      .to.match(/^HTTP\/1.1 403 /)
      .and.contain('"reason":"UPGRADE_NOT_ALLOWED"');
    expect(tunnel).to.contain('"message":"The gateway opens no tunnel');
    const server = await said(gateway, "OPTIONS *");
    expect(server)
      .to.match(/^HTTP\/1.1 404 /)
      .and.contain('"reason":"UNKNOWN_PATH"');
    expect(server).to.contain('"message":"Nothing is at this path."');
  });

  it("but none whose body names the agent of its path", async () => {
    const same = await invoke("echo", { body: asking("hello", { agent: "echo" }) });
    expect(same.status).to.equal(200);
  });

  it("with a query that means nothing", async () => {
    const reply = await invoke("echo", { path: "/v1/agents/echo:invoke?nonsense=1" });
    expectRefusal(reply, 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
  });

  it("whose body is too large, and takes one of 3 MB", async () => {
    const large = await invoke("echo", { body: asking("a".repeat(5_000_000)) });
    expectRefusal(large, 413, "INVALID_ARGUMENT", "REQUEST_TOO_LARGE");
    expect((await invoke("echo", { body: asking("a".repeat(3_000_000)) })).status).to.equal(200);
  });

  it("whose body is too large, also on a route that only its claims lead to", async () => {
    const token = gateway.token({ claims: { plan: "gold" } });
    const body = asking("a".repeat(5_000_000));
    const large = await invoke("gold", { token, headers: { "x-tier": "one" }, body });
    expectRefusal(large, 413, "INVALID_ARGUMENT", "REQUEST_TOO_LARGE");
  });

  it("with a timeout that is none, and names the header", async () => {
    for (const timeout of ["3s", "0", "-1", "1.5", "1000000000"]) {
      const reply = await invoke("echo", { headers: { "x-request-timeout-ms": timeout } });
      expectRefusal(reply, 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
      expect(messageOf(reply)).to.contain("x-request-timeout-ms");
    }
  });

  it("to an agent that has no instance, or whose instance is gone, at once", async () => {
    for (const agent of ["absent", "gone"]) {
      const begin = performance.now();
      const reply = await invoke(agent);
      expectRefusal(reply, 503, "UNAVAILABLE", "AGENT_UNAVAILABLE");
      expect(messageOf(reply)).to.contain(agent);
      expect(reply.headers["retry-after"]).to.equal("1");
      expect(performance.now() - begin).to.be.lessThan(4_000);
      // At once: nobody was waited for in vain.
      const gaveUp = `cluster.${agent}.upstream_cx_connect_timeout`;
      expect(await gateway.stat(gaveUp), agent).to.equal(0);
    }
  });

  it("by the agent's own word, with its details and the request's id", async () => {
    const bare = await invoke("echo", { body: asking("fail 8") });
    expectRefusal(bare, 429, "RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED");
    expect(messageOf(bare)).to.equal('It is "full".');
    expect(bare.headers).to.not.have.property("retry-after");
    const later = await invoke("echo", { body: asking("fail 8 retry") });
    expectRefusal(later, 429, "RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED");
    expect(later.headers["retry-after"]).to.equal("2");

    const field = await invoke("echo", {
      path: "/v1/agents/echo:stream",
      body: asking("fail 3 field"),
    });
    expectRefusal(field, 400, "INVALID_ARGUMENT", "INVALID_ARGUMENT");
    expect(violationOf(field)).to.deep.equal({
      field: "messages[0].role",
      description: 'must not be "robot"',
    });

    const info = await invoke("echo", { body: asking("fail 9 info") });
    expect(info.status).to.equal(400);
    expect(textAt(info.json, "error", "status")).to.equal("FAILED_PRECONDITION");
    expect(detailOf(info, "ErrorInfo")).to.deep.include({ reason: "FULL", domain: "test" });
    expect(valueAt(detailOf(info, "ErrorInfo"), "metadata")).to.deep.equal({
      requestId: info.headers["x-request-id"],
      fault: "client",
      retry: "no",
    });
  });

  it("that is no HTTP, in the same shape", async () => {
    const reply = await callRest(gateway, { method: "GET", path: "/a%00b" });
    expect(reply.status).to.equal(400);
    expect(textAt(reply.json, "error", "status")).to.equal("INVALID_ARGUMENT");
    expect(messageOf(reply)).to.equal("The request is no valid HTTP.");
  });

  it("and writes no token and no query to its log", async () => {
    const token = gateway.token();
    await invoke("echo", { token, path: "/v1/agents/echo:invoke?secret=word" });
    const reply = await invoke("echo", { token, headers: { traceparent: trace } });
    const id = String(reply.headers["x-request-id"]);
    const line = await eventually((): unknown => {
      const text = gateway
        .output()
        .split("\n")
        .find((one) => one.includes(id));
      if (text === undefined) throw new Error(`no line with ${id}`);
      return JSON.parse(text);
    });
    expect(line).to.include({
      name: "edge",
      agent: "echo",
      route: "echo",
      path: "/v1/agents/echo:invoke",
      status: 200,
      grpcStatus: 0,
      traceparent: trace,
    });
    expect(gateway.output()).to.not.contain(token);
    expect(gateway.output()).to.not.contain("secret=word");
    expect(gateway.refused).to.deep.equal([]);
  });
});

const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/** What the edge says to a request line that HTTP libraries do not send. */
async function said({ port, ca }: TestGateway, line: string): Promise<string> {
  const socket = connect({ host: "localhost", port, ca });
  socket.write(`${line} HTTP/1.1\r\nhost: example.com\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.trimEnd().endsWith("}}")) break;
  }
  return text;
}
