import { Metadata, type ServiceError, type status } from "@grpc/grpc-js";
import { expect } from "chai";
import { agentError } from "./agent-error.ts";
import { callFailure } from "./call-failure.ts";
import { toGrpcStatus } from "./rpc-status.ts";

describe("the failure of a call", () => {
  it("says what the agent said of it", () => {
    const said = agentError("UNAVAILABLE", "the model's host is away", {
      reason: "MODEL_AWAY",
      fault: "provider",
      retryAfterMs: 1500,
    });
    const { code, details, metadata } = toGrpcStatus(said, "r-1");
    const failure = callFailure(errorOf(code, details ?? "", metadata));
    expect(failure.code).to.equal("UNAVAILABLE");
    expect(failure.message).to.equal("the model's host is away");
    expect(failure.details).to.deep.equal({
      reason: "MODEL_AWAY",
      fault: "provider",
      retry: true,
      retryAfterMs: 1500,
      metadata: { requestId: "r-1" },
    });
  });

  it("says by the code, or by the reason, what the agent left out", () => {
    const facts = (...said: Parameters<typeof agentError>): unknown => {
      const { code, details, metadata } = toGrpcStatus(agentError(...said), "r-1");
      const { fault, retry } = callFailure(errorOf(code, details ?? "", metadata)).details;
      return [fault, retry];
    };
    expect(facts("INVALID_ARGUMENT", "a")).to.deep.equal(["client", false]);
    expect(facts("INTERNAL", "a")).to.deep.equal(["agent", false]);
    expect(facts("ABORTED", "a")).to.deep.equal(["agent", true]);
    expect(facts("PERMISSION_DENIED", "a")).to.deep.equal(["policy", false]);
    expect(facts("RESOURCE_EXHAUSTED", "a", { reason: "BUDGET_SPENT" })).to.deep.equal([
      "policy",
      true,
    ]);
    expect(facts("RESOURCE_EXHAUSTED", "a", { reason: "CONVERSATION_FULL" })).to.deep.equal([
      "client",
      false,
    ]);
    expect(facts("UNAVAILABLE", "a", { retry: false })).to.deep.equal(["agent", false]);
  });

  it("has the rule, the request's id and the time to wait from the metadata", () => {
    const metadata = new Metadata();
    metadata.set("smartcall-rule", "writing:60/minute/subject");
    metadata.set("x-request-id", "r-2");
    metadata.set("retry-after", "7");
    expect(callFailure(errorOf(8, "Too many calls.", metadata)).details).to.deep.equal({
      retryAfterMs: 7000,
      metadata: { rule: "writing:60/minute/subject", requestId: "r-2" },
    });
  });

  it("is one also where nothing more is known, or nothing can be read", () => {
    const metadata = new Metadata();
    expect(callFailure(errorOf(14, "gone", metadata)).details).to.deep.equal({ metadata: {} });
    metadata.set("grpc-status-details-bin", Buffer.from("no status"));
    const failure = callFailure(errorOf(2, "what", metadata));
    expect(failure.code).to.equal("UNKNOWN");
    expect(failure.details).to.deep.equal({ metadata: {} });
  });
});

function errorOf(code: status, details: string, metadata: Metadata): ServiceError {
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata });
}
