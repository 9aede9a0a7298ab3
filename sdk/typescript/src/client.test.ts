import { expect } from "chai";
import {
  Cancelled,
  ConnectionFailed,
  DeadlineExceeded,
  LimitReached,
  SmartCallError,
  StreamBroken,
  Unauthenticated,
  Unavailable,
} from "./errors.ts";
import { testClient } from "./testing/client.ts";
import { failureOf } from "./testing/failure.ts";
import { answered, json, refusal, servingHttp } from "./testing/wire-server.ts";

describe("a client", () => {
  const serve = servingHttp();

  it("asks an agent, and has its answer with what it cost", async () => {
    const { seen, url } = await serve((response) =>
      json(response, 200, { ...answered, newer: 1 }, { "x-request-id": "r" }),
    );
    const answer = await testClient({ url, token: "abc" }).agent("a b").invoke("Hello?");
    expect(answer).to.deep.equal({
      text: "Hello",
      message: { role: "assistant", content: "Hello" },
      finishReason: "stop",
      usage: { inputTokens: 1, outputTokens: 2 },
      callId: "call-1",
      requestId: "r",
    });
    const [request] = seen;
    expect(request).to.include({ method: "POST", path: "/v1/agents/a%20b:invoke" });
    expect(request?.headers).to.include({ authorization: "Bearer abc" });
    expect(request?.headers)
      .to.have.property("content-type")
      .that.matches(/^application\/json/);
    expect(request?.headers).not.to.have.property("x-request-timeout-ms");
    expect(JSON.parse(request?.body ?? "")).to.deep.equal({
      messages: [{ role: "user", content: "Hello?" }],
    });
  });

  it("sends whole requests as they are, and reads answers of parts", async () => {
    const parts = [{ text: "one " }, { toolCall: { id: "1", name: "look" } }, { text: "two" }];
    const { seen, url } = await serve((response) =>
      json(response, 200, { message: { role: "assistant", parts }, usage: { inputTokens: "7" } }),
    );
    const ask = { messages: [{ role: "user", content: "x" }], seed: 1, later: true } as const;
    const answer = await testClient({ url: `${url}/mesh/` })
      .agent("a")
      .invoke(ask);
    expect(answer.text).to.equal("one two");
    expect(answer.message).to.deep.equal({ role: "assistant", parts });
    expect(answer.usage).to.deep.equal({ inputTokens: 0, outputTokens: 0 });
    expect(seen[0]).to.include({ path: "/mesh/v1/agents/a:invoke", body: JSON.stringify(ask) });
    expect(seen[0]?.headers).not.to.have.property("authorization");
  });

  it("tells the gateway how long it waits, in each try what is left", async () => {
    const again = refusal(503, "AGENT_ENDING", { retry: "yes", retryDelay: "0.1s" });
    const { seen, url } = await serve((response, _, at) =>
      at === 0 ? json(response, 503, again) : json(response, 200, answered),
    );
    await testClient({ url, timeoutMs: 5_000 }).agent("a").invoke("x");
    const [first = 0, second = 0] = seen.map(({ headers }) =>
      Number(headers["x-request-timeout-ms"]),
    );
    expect(first).to.be.within(1, 5_000);
    expect(second).to.be.within(1, first - 100);
  });

  it("gives up at its own deadline, and hangs up", async () => {
    const { seen, url } = await serve(() => undefined);
    const error = await failureOf(testClient({ url }).agent("a").invoke("x", { timeoutMs: 50 }));
    expect(error).to.be.instanceOf(DeadlineExceeded);
    expect(await seen[0]?.over).to.equal("hung up");
  });

  it("hangs up where its caller cancels", async () => {
    const caller = new AbortController();
    const { seen, url } = await serve(() => caller.abort());
    const { signal } = caller;
    expect(
      await failureOf(testClient({ url }).agent("a").invoke("x", { signal })),
    ).to.be.instanceOf(Cancelled);
    expect(await seen[0]?.over).to.equal("hung up");
  });

  it("can be cancelled while it waits for a token, which others go on waiting for", async () => {
    const { seen, url } = await serve((response) => json(response, 200, answered));
    let give: (token: string) => void = () => undefined;
    const token = () =>
      new Promise<string>((resolve) => {
        give = resolve;
      });
    const agent = testClient({ url, token }).agent("a");
    const caller = new AbortController();
    const left = failureOf(agent.invoke("x", { signal: caller.signal }));
    const late = failureOf(agent.invoke("x", { timeoutMs: 20 }));
    const stays = agent.invoke("x");
    caller.abort();
    expect(await left).to.be.instanceOf(Cancelled);
    expect(await late).to.be.instanceOf(DeadlineExceeded);
    give("abc");
    expect((await stays).text).to.equal("Hello");
    expect(seen).to.have.length(1);
  });

  it("shows another token where one is refused, once, and all at the same time the same", async () => {
    let asked = 0;
    const token = () => `token-${++asked}`;
    const { seen, url } = await serve((response, { headers }) =>
      headers.authorization === "Bearer token-2"
        ? json(response, 200, answered)
        : json(response, 401, refusal(401, "TOKEN_NOT_ACCEPTED")),
    );
    const agent = testClient({ url, token, retries: 0 }).agent("a");
    const answers = await Promise.all([1, 2, 3].map(() => agent.invoke("x")));
    expect(answers).to.have.length(3);
    expect([asked, seen.length]).to.deep.equal([2, 6]);
  });

  it("is refused where no token is taken, without asking on and on", async () => {
    let asked = 0;
    const { seen, url } = await serve((response) =>
      json(response, 401, refusal(401, "TOKEN_NOT_ACCEPTED")),
    );
    const renewing = testClient({ url, token: () => `token-${++asked}` });
    expect(await failureOf(renewing.agent("a").invoke("x"))).to.be.instanceOf(Unauthenticated);
    expect([asked, seen.length]).to.deep.equal([2, 2]);
    expect(await failureOf(testClient({ url, token: "t" }).agents())).to.be.instanceOf(
      Unauthenticated,
    );
    expect(seen).to.have.length(3);
  });

  it("throws what its token provider throws", async () => {
    const { url } = await serve((response) => json(response, 200, answered));
    const mine = new RangeError("mine");
    const agent = testClient({ url, token: () => Promise.reject(mine) }).agent("a");
    expect(await agent.invoke("x").catch((error: unknown) => error)).to.equal(mine);
  });

  it("tries again what the gateway says may be, and nothing else", async () => {
    const answers = [
      refusal(503, "AGENT_OVERLOADED", { retry: "yes" }),
      refusal(503, "QUOTA_UNAVAILABLE", { retry: "yes" }),
      refusal(500, "AGENT_FAILED"),
    ];
    const { seen, url } = await serve((response, _, at) => json(response, 503, answers[at]));
    const agent = testClient({ url }).agent("a");
    expect((await failureOf(agent.invoke("x"))).reason).to.equal("AGENT_FAILED");
    expect(seen).to.have.length(3);
  });

  it("leaves a long wait to its caller", async () => {
    const spent = refusal(429, "RATE_LIMITED", { retry: "yes", retryDelay: "3600s" });
    const { seen, url } = await serve((response) => json(response, 429, spent));
    const error = await failureOf(testClient({ url }).agent("a").invoke("x"));
    expect(error).to.be.instanceOf(LimitReached).and.to.include({ retryAfter: 3_600_000 });
    expect(seen).to.have.length(1);
  });

  it("says that nobody is there, and tries again: nothing has left", async () => {
    const { close, url } = await serve(() => undefined);
    await close();
    let tries = 0;
    const error = await failureOf(
      testClient({
        url,
        fetch: (...args) => {
          tries++;
          return fetch(...args);
        },
      })
        .agent("a")
        .invoke("x"),
    );
    expect(error).to.be.instanceOf(ConnectionFailed);
    expect(error).to.include({ status: 0, reason: "CONNECTION_FAILED", retryable: true });
    expect(error.message).to.include(url).and.to.include("ECONNREFUSED");
    expect(tries).to.equal(3);
  });

  it("never makes a call twice that may have begun", async () => {
    const { seen, url } = await serve((response) => response.destroy());
    const error = await failureOf(testClient({ url }).agent("a").invoke("x"));
    expect(error).to.be.instanceOf(StreamBroken);
    expect(seen).to.have.length(1);
    // Looking twice does no harm.
    expect(await failureOf(testClient({ url }).agents())).to.be.instanceOf(StreamBroken);
    expect(seen).to.have.length(4);
  });

  it("takes no part of an answer for the whole", async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, { "content-type": "application/json", "x-request-id": "r" });
      response.write('{"message":{"content":"Hel');
      setTimeout(() => response.destroy(), 50);
    });
    const error = await failureOf(testClient({ url }).agent("a").invoke("x"));
    expect(error).to.be.instanceOf(StreamBroken).and.to.include({ requestId: "r" });
  });

  it("takes no page of a proxy for an answer, and shows what it says", async () => {
    const { url } = await serve((response, _, at) =>
      at === 0 ? response.end("<html>Log in</html>") : response.writeHead(502).end("bad gateway"),
    );
    const agent = testClient({ url }).agent("a");
    const page = await failureOf(agent.invoke("x"));
    expect(page).to.be.instanceOf(SmartCallError).and.to.include({ reason: "BAD_ANSWER" });
    expect(page.message).to.include("Log in");
    const proxy = await failureOf(agent.invoke("x"));
    expect(proxy).to.be.instanceOf(Unavailable).and.to.include({ reason: "HTTP_502" });
    expect(proxy.message).to.include("bad gateway");
  });

  it("sends headers and the trace that it is given", async () => {
    const { seen, url } = await serve((response) => json(response, 200, answered));
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const agent = testClient({ url, headers: { "x-team": "blue", "x-one": "1" } }).agent("a");
    await agent.invoke("x", { traceparent, headers: { "x-one": "2" } });
    expect(seen[0]?.headers).to.include({ traceparent, "x-team": "blue", "x-one": "2" });
  });

  it("takes headers of one name for one, however it is written, and the token before them", async () => {
    const { seen, url } = await serve((response) => json(response, 200, answered));
    const client = testClient({ url, token: "abc", headers: { "X-Team": "blue" } });
    await client.agent("a").invoke("x", { headers: { "x-TEAM": "red", Authorization: "mine" } });
    expect(seen[0]?.headers).to.include({ "x-team": "red", authorization: "Bearer abc" });
  });

  it("lists agents, page by page, and describes one", async () => {
    const { seen, url } = await serve((response, { path }) => {
      if (path.endsWith("/b")) json(response, 200, { name: "b", versions: ["1"] });
      else if (path.endsWith("pageToken=b%26")) json(response, 200, { agents: [{ name: "b" }] });
      else
        json(response, 200, { agents: [{ name: "a", capabilities: said }], nextPageToken: "b&" });
    });
    const said = { methods: ["invoke"], ownMethods: [{ grpc: "/x/Y", serverStreams: true }] };
    const client = testClient({ url });
    const agents = await client.agents();
    expect(agents.map(({ name }) => name)).to.deep.equal(["a", "b"]);
    expect(agents[0]?.capabilities).to.deep.equal({
      methods: ["invoke"],
      ownMethods: [{ grpc: "/x/Y", rest: "", clientStreams: false, serverStreams: true }],
      models: [],
    });
    expect(seen.map(({ path }) => path)).to.deep.equal([
      "/v1/agents?pageSize=500",
      "/v1/agents?pageSize=500&pageToken=b%26",
    ]);
    const one = await client.agent("b").describe();
    expect(one).to.deep.include({ name: "b", versions: ["1"], health: "", description: "" });
    expect(seen.every(({ body, method }) => method === "GET" && body === "")).to.equal(true);
  });

  it("ends a list of agents whose last page is followed by itself", async () => {
    const { seen, url } = await serve((response, _, at) =>
      json(response, at < 3 ? 200 : 404, { agents: [{ name: `a${at}` }], nextPageToken: "same" }),
    );
    const agents = await testClient({ url }).agents();
    expect(agents.map(({ name }) => name)).to.deep.equal(["a0", "a1"]);
    expect(seen).to.have.length(2);
  });
});
