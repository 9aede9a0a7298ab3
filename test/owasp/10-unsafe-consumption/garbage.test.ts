// API10:2023: an agent that was taken over, or is broken, harms neither the gateway nor other calls.
import { expect } from "chai";
import { residentMegabytes } from "../../bench/process-cost.ts";
import { startGateway, type TestGateway } from "../../edge/gateway.ts";
import { type ObedientAgent, startObedientAgent } from "../../edge/obedient-agent.ts";
import { writtenMesh } from "../../edge/written-mesh.ts";
import { invokeGrpc, saying } from "../../harness/grpc.ts";
import { asking, callRest, openRest, type RestReply } from "../../harness/rest.ts";
import { type GarbageAgent, garbage, startGarbageAgent } from "./garbage-agent.ts";

const meshText = `
mesh: edge-test
agents:
  echo: { instances: { static: [$agent] } }
  garbage: { instances: { static: [$garbage] } }
routes:
  - { name: garbage, match: { agent: garbage }, timeout: 3s }
`;

describe("OWASP API10: unsafe consumption of APIs", function () {
  this.timeout(60_000);
  let gateway: TestGateway;
  let agent: ObedientAgent;
  let bad: GarbageAgent;
  before(async () => {
    agent = await startObedientAgent();
    bad = await startGarbageAgent();
    const written = await writtenMesh(meshText, { agent: agent.port, garbage: bad.port });
    gateway = await startGateway((parts) => written(parts));
  });
  after(async () => {
    await gateway?.stop();
    agent?.stop();
    bad?.stop();
  });

  const call = (name: string, method = "invoke"): Promise<RestReply> =>
    callRest(gateway, {
      path: `/v1/agents/${name}:${method}`,
      token: gateway.token(),
      body: asking("hello"),
    });

  for (const words of Object.keys(garbage)) {
    const isOne = (each: string): each is keyof typeof garbage => each in garbage;
    if (!isOne(words)) continue;
    it(`${words}: its caller hears of it, and nobody else does`, async () => {
      bad.answer = words;
      const memory = residentMegabytes(gateway.pid);
      for (const method of ["invoke", "stream"]) {
        const reply = await call("garbage", method).catch(broken);
        expectHarmless(reply);
        expect((await call("echo")).status).to.equal(200);
      }
      const grpc = await invokeGrpc(gateway, {
        agent: "garbage",
        token: gateway.token(),
        request: saying("hello"),
        deadlineMs: 4_000,
      });
      if (!grpc.ok) expect(grpc.error.code).to.not.equal(0);
      expect((await call("echo")).status).to.equal(200);
      process.kill(gateway.pid, 0);
      expect(residentMegabytes(gateway.pid) - memory, "MB").to.be.lessThan(64);
    });
  }

  it("what it says in the gateway's name goes no further", async () => {
    bad.answer = "headers in the gateway's name";
    const reply = await call("garbage");
    expect(reply.status, reply.text).to.equal(200);
    expect(reply.headers["strict-transport-security"]).to.equal("max-age=31536000");
    expect(reply.headers["x-request-id"]).to.match(/^[0-9a-f-]{36}$/);
    for (const name of [
      "server",
      "x-powered-by",
      "set-cookie",
      "alt-svc",
      "clear-site-data",
      "x-envoy-upstream-service-time",
      "access-control-allow-origin",
      "access-control-allow-credentials",
    ]) {
      expect(reply.headers, name).to.not.have.property(name);
    }
  });

  it("a stream of another agent goes on meanwhile, to its end", async () => {
    const words = Array.from({ length: 40 }, (_, index) => `w${index}`).join(" ");
    const running = await openRest(gateway, {
      path: "/v1/agents/echo:stream",
      token: gateway.token(),
      body: asking(words),
    });
    const ended = textOf(running);
    for (const answer of [
      "the end of its connection",
      "headers of 1 MB",
      "nothing but a reset",
    ] as const) {
      bad.answer = answer;
      await call("garbage").catch(broken);
    }
    expect(await ended).to.contain("w39");
  });
});

/** What a caller sees whose answer is cut: the headers came, and no end. */
const broken = (error: unknown): undefined => {
  expect(String(error)).to.match(/aborted|ECONNRESET|socket hang up|Header overflow/);
  return undefined;
};

/** Whatever came, it is no page, no redirect, and tells nothing of the agent's inside. */
function expectHarmless(reply: RestReply | undefined): void {
  if (reply === undefined) return;
  expect(reply.status).to.not.be.within(300, 399);
  expect(reply.headers["x-content-type-options"]).to.equal("nosniff");
  expect(reply.headers).to.not.have.property("location");
  expect(reply.headers["content-type"], reply.text).to.not.match(/html|text\/plain/);
  if (reply.status >= 400) {
    expect(reply.headers["content-type"], reply.text).to.match(
      /^(application\/(json|grpc)|text\/event-stream)$/,
    );
    if (reply.text === "") return;
    expect(reply.json, reply.text).to.have.nested.property("error.status");
    expect(reply.text).to.not.match(/agent\.js|<script>/);
    if (reply.status === 502) {
      expect(reply.headers["retry-after"]).to.equal("1");
      expect(reply.text)
        .to.match(/"retry":"yes"/)
        .and.match(/"retryDelay":"1s"/);
    }
  }
}

async function textOf(response: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return text;
}
