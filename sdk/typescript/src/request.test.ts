import { expect } from "chai";
import { testClient } from "./testing/client.ts";
import { failureOf } from "./testing/failure.ts";
import { answered, json, refusal, servingHttp } from "./testing/wire-server.ts";

describe("a request", () => {
  const serve = servingHttp();

  it("is made again that may have begun, where its agent may do it twice", async () => {
    const { seen, url } = await serve((response, _, at) => {
      if (at === 0) json(response, 503, refusal(503, "AGENT_UNAVAILABLE", { retry: "yes" }));
      else if (at === 1) response.destroy();
      else if (at === 2) json(response, 401, refusal(401, "TOKEN_EXPIRED"));
      else json(response, 200, answered);
    });
    const token = () => `token-${seen.length}`;
    const { text } = await testClient({ url, token, idempotent: true }).agent("a").invoke("x");
    expect([text, seen.length]).to.deep.equal(["Hello", 4]);
  });

  it("is made once that its agent had when it failed, or when its token expired", async () => {
    for (const [status, reason] of [
      [503, "AGENT_UNAVAILABLE"],
      [503, "STREAM_BROKEN"],
      [401, "TOKEN_EXPIRED"],
    ] as const) {
      const retry = status === 503 ? "yes" : "no";
      const { seen, url } = await serve((response) =>
        json(response, status, refusal(status, reason, { retry })),
      );
      const agent = testClient({ url, token: () => `token-${seen.length}` }).agent("a");
      expect(await failureOf(agent.invoke("x"))).to.include({
        reason,
        retryable: status === 503,
      });
      expect(seen, reason).to.have.length(1);
    }
  });

  it("is never sent on to where an answer points", async () => {
    const { seen, url } = await serve((response) =>
      response.writeHead(307, { location: "/elsewhere" }).end("over there"),
    );
    const error = await failureOf(testClient({ url, token: "abc" }).agent("a").invoke("x"));
    expect(error).to.include({ name: "SmartCallError", reason: "BAD_ANSWER", status: 307 });
    expect(seen.map(({ path }) => path)).to.deep.equal(["/v1/agents/a:invoke"]);
  });
});
