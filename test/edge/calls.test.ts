import { expect } from "chai";
import { pause } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import { strictly } from "../harness/promised.ts";
import { asking, callRest, openRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";

describe("A call through the edge", () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.stop());

  const call = (agent: string, text: string, headers: Readonly<Record<string, string>> = {}) =>
    callRest(gateway, {
      path: `/v1/agents/${agent}:invoke`,
      token: gateway.token(),
      body: asking(text),
      headers,
    });

  it("is answered in JSON, with an id that is not its caller's to choose", async () => {
    const reply = await call("echo", "hello", { "x-request-id": "mine" });
    expect(reply.status).to.equal(200);
    expect(textAt(reply.json, "message", "content")).to.equal("hello");
    expect(reply.headers).to.not.have.any.keys(
      "server",
      "grpc-encoding",
      "x-envoy-upstream-service-time",
    );
    expect(reply.headers["x-request-id"]).to.be.a("string").and.not.equal("mine");
    const [seen] = gateway.agent.seen.at(-1)?.get("x-request-id") ?? [];
    expect(seen).to.equal(reply.headers["x-request-id"]);
  });

  it("needs no token where its route says so, whichever agent of the route answers", async () => {
    const { path, body } = { path: "/v1/agents/open:invoke", body: asking("hello") };
    expect((await callRest(gateway, { path, body })).status).to.equal(200);
    expect(gateway.agent.seen.at(-1)?.get("smartcall-agent")).to.deep.equal(["open"]);
  });

  it("ends by the agent's own word at its route's bound, or its caller's where that is sooner", async () => {
    // The route's bound is a second.
    for (const [asked, atLeast, atMost] of [
      ["300", 290, 985],
      ["60000", 990, 9_000],
    ] as const) {
      const begin = performance.now();
      const reply = await call("quick", "silence", { "x-request-timeout-ms": asked });
      expectDeadlineExceeded(reply);
      expect(textAt(reply.json, "error", "message")).to.equal("Deadline exceeded");
      expect(performance.now() - begin).to.be.within(atLeast, strictly() ? atLeast + 400 : atMost);
    }
  });

  it("ends a little later where the agent is stuck, which is told the deadline all the same", async () => {
    const begin = performance.now();
    expectDeadlineExceeded(await call("stuck", "hello", { "x-request-timeout-ms": "300" }));
    expect(performance.now() - begin).to.be.within(700, strictly() ? 1_300 : 5_000);
    expect(gateway.stuck.timeouts).to.deep.equal(["300m"]);

    expectDeadlineExceeded(await call("stuck", "hello"));
    expect(gateway.stuck.timeouts.at(-1)).to.equal("1000m");
    expectDeadlineExceeded(await call("stuck", "hello", { "grpc-timeout": "200m" }));
    expect(gateway.stuck.timeouts.at(-1)).to.equal("200m");
  });

  it("brings each event as it comes", async () => {
    const response = await openRest(gateway, {
      path: "/v1/agents/echo:stream",
      token: gateway.token(),
      body: asking("one two three four"),
    });
    expect(response.headers["content-type"]).to.equal("text/event-stream");
    const times: number[] = [];
    let text = "";
    for await (const chunk of response) {
      times.push(performance.now());
      text += String(chunk);
    }
    expect(text).to.contain('data: {"delta":{"content":"two"}}\n\n');
    expect(times.length).to.be.at.least(4);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).to.be.greaterThan(100);
  });

  it("streams to its end while agents join and the key changes, and no listener changes", async () => {
    const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(" ");
    const response = await openRest(gateway, {
      path: "/v1/agents/echo:stream",
      token: gateway.token(),
      body: asking(words),
    });
    const whole = (async () => {
      let text = "";
      for await (const chunk of response) text += String(chunk);
      return text;
    })();
    await gateway.publish(["late"]);
    expect((await call("late", "hello")).status).to.equal(200);
    await gateway.rotate();
    expect((await call("echo", "hello")).status).to.equal(200);
    expect((await call("late", "hello")).status).to.equal(404);
    await pause(10);
    expect((await whole).match(/data: /g)).to.have.length(40);
    expect(await gateway.stat("listener_manager.listener_modified")).to.equal(0);
    expect(gateway.refused).to.deep.equal([]);
  });
});

function expectDeadlineExceeded(reply: RestReply): void {
  expect(reply.status, reply.text).to.equal(504);
  expect(textAt(reply.json, "error", "status")).to.equal("DEADLINE_EXCEEDED");
}
