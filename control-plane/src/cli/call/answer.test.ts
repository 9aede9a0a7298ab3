import { expect } from "chai";
import { readEvent, readProblem } from "./answer.ts";

describe("an agent's answer", () => {
  it("is read event by event", () => {
    expect(readEvent('{"callId":"c","sequence":1,"delta":{"content":"The"}}')).to.deep.equal({
      kind: "delta",
      text: "The",
    });
    expect(readEvent('{"delta":{}}')).to.deep.equal({ kind: "delta", text: "" });
    expect(readEvent('{"heartbeat":{}}')).to.deep.equal({ kind: "heartbeat" });
    expect(
      readEvent('{"done":{"finishReason":"length","usage":{"inputTokens":3,"outputTokens":4}}}'),
    ).to.deep.equal({
      kind: "done",
      finishReason: "length",
      usage: "3 tokens read, 4 written",
    });
    expect(readEvent('{"done":{}}')).to.deep.equal({
      kind: "done",
      finishReason: "stop",
      usage: undefined,
    });
  });

  it("that is none of our events is skipped", () => {
    for (const text of ["", "{", "null", "[]", "{}", '"done"']) {
      expect(readEvent(text)).to.equal(undefined);
    }
  });

  const details = [{ reason: "UNKNOWN_AGENT", metadata: { requestId: "r-1" } }];

  it("that failed says its message, reason and request", () => {
    expect(
      readEvent(JSON.stringify({ error: { code: 8, message: "Full.", details } })),
    ).to.deep.equal({
      kind: "error",
      problem: "Full. (UNKNOWN_AGENT, request r-1)",
    });
    const error = { code: 404, status: "NOT_FOUND", message: "No agent.", details };
    expect(readProblem(404, JSON.stringify({ error }))).to.equal(
      "No agent. (HTTP 404, UNKNOWN_AGENT, request r-1)",
    );
    expect(readProblem(503, '{"error":{"status":"UNAVAILABLE"}}')).to.equal(
      "The call failed. (HTTP 503, UNAVAILABLE)",
    );
  });

  it("that was refused says the rule, whose fault it is, and whether to try again", () => {
    const rule = "writing:3/minute/subject";
    const metadata = { requestId: "r-1", rule, fault: "policy", retry: "yes" };
    const refused = (...more: readonly unknown[]): string =>
      readProblem(
        429,
        JSON.stringify({
          error: { message: "Too many.", details: [{ reason: "RATE_LIMITED", metadata }, ...more] },
        }),
      );
    expect(refused({ retryDelay: "12s" })).to.equal(
      `Too many. (HTTP 429, RATE_LIMITED, rule ${rule}, fault policy, try again in 12s, request r-1)`,
    );
    expect(refused()).to.include("try again later");
    metadata.retry = "no";
    expect(refused()).to.include("not to be tried again");
  });

  it("that failed without our envelope says its status", () => {
    expect(readProblem(502, "<html>")).to.equal("The edge answered 502 without a reason.");
  });
});
