import { expect } from "chai";
import {
  BudgetSpent,
  Cancelled,
  DeadlineExceeded,
  Forbidden,
  InvalidRequest,
  LimitReached,
  NotFound,
  SmartCallError,
  StreamBroken,
  Unauthenticated,
  Unavailable,
} from "./errors.ts";
import { readError, readRefusal, waitOf } from "./read-refusal.ts";
import { refusal } from "./testing/wire-server.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

/** An answer with these headers and this body. */
function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readRefusal({ status, headers: new Headers(headers), body: text }, now);
}

describe("a refusal", () => {
  it("is of the kind that its status and its reason say", () => {
    const kinds: readonly (readonly [number, string, typeof SmartCallError])[] = [
      [400, "INVALID_REQUEST", InvalidRequest],
      [401, "TOKEN_NOT_ACCEPTED", Unauthenticated],
      [403, "SCOPE_MISSING", Forbidden],
      [404, "UNKNOWN_AGENT", NotFound],
      [405, "METHOD_NOT_ALLOWED", InvalidRequest],
      [408, "REQUEST_TIMEOUT", DeadlineExceeded],
      [409, "TURN_RUNNING", InvalidRequest],
      [413, "REQUEST_TOO_LARGE", InvalidRequest],
      [429, "RATE_LIMITED", LimitReached],
      [429, "BUDGET_SPENT", BudgetSpent],
      [499, "CANCELLED", Cancelled],
      [500, "AGENT_FAILED", SmartCallError],
      [502, "BAD_ANSWER", Unavailable],
      [503, "AGENT_UNAVAILABLE", Unavailable],
      [503, "STREAM_BROKEN", StreamBroken],
      [504, "DEADLINE_EXCEEDED", DeadlineExceeded],
    ];
    for (const [status, reason, kind] of kinds) {
      const error = answer(status, refusal(status, reason));
      expect(error.constructor, reason).to.equal(kind);
      expect(error).to.include({ name: kind.name, status, reason });
    }
  });

  it("says all that was said", () => {
    const said = refusal(400, "INVALID_REQUEST", {
      retry: "yes",
      retryDelay: "1.5s",
      fields: ["a"],
    });
    const error = answer(400, said);
    expect(error).to.include({
      message: "It is INVALID_REQUEST.",
      requestId: "request-1",
      retryable: true,
      retryAfter: 1_500,
      fault: "policy",
      rule: "default:echo",
      textSoFar: "",
    });
    expect(error.details).to.have.length(3);
    expect(error)
      .to.have.property("fields")
      .that.deep.equals([{ field: "a", description: "is wrong" }]);
  });

  it("is completed by the headers", () => {
    const bare = { error: { code: 503, status: "UNAVAILABLE", message: "" } };
    const headers = { "x-request-id": "r", "retry-after": "2", "smartcall-rule": "x" };
    expect(answer(503, bare, headers)).to.include({
      reason: "UNAVAILABLE",
      message: "The call failed with UNAVAILABLE.",
      requestId: "r",
      retryAfter: 2_000,
      rule: "x",
      retryable: false,
    });
  });

  it("of a proxy in between shows what it says, and is tried again only where it says when", () => {
    const page = `<html>${"x".repeat(1_000)}</html>`;
    const error = answer(502, page);
    expect(error).to.be.instanceOf(Unavailable);
    expect(error).to.include({ reason: "HTTP_502", retryable: false, requestId: "" });
    expect(error.message).to.include("<html>xxx").and.to.have.length.below(300);
    expect(answer(503, "", { "retry-after": "1" })).to.include({
      retryable: true,
      message: "Status 503 came with an empty body",
    });
    expect(answer(500, "no", { "retry-after": "1" }).retryable).to.equal(false);
    expect(answer(418, '{"error":"teapot"}')).to.be.instanceOf(InvalidRequest);
    expect(answer(403, "[1]")).to.be.instanceOf(Forbidden);
  });

  it("within an answer has a code of gRPC", () => {
    const statuses = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 77].map(
      (code) => readError({ code, message: "x" }).status,
    );
    expect(statuses).to.deep.equal([
      499, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 401, 500,
    ]);
    expect(readError({}, { textSoFar: "so far" })).to.include({ status: 500, textSoFar: "so far" });
  });

  it("makes sense where its details make none", () => {
    const details = [1, "x", { "@type": "x", fieldViolations: "no" }, { fieldViolations: [1, {}] }];
    const error = readError({ code: 3, details });
    expect(error)
      .to.have.property("fields")
      .that.deep.equals([{ field: "", description: "" }]);
  });

  it("says when to come back, in seconds or by the time of day", () => {
    expect(waitOf("3", now)).to.equal(3_000);
    expect(waitOf("Thu, 01 Jan 2026 00:00:09 GMT", now)).to.equal(9_000);
    expect(waitOf("Thu, 01 Jan 2020 00:00:00 GMT", now)).to.equal(0);
    expect([waitOf(null, now), waitOf(" ", now), waitOf("soon", now)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
