import { expect } from "chai";
import { connectFailure } from "./connect-failure.ts";
import { ConnectionFailed, StreamBroken } from "./errors.ts";

const url = "https://gateway.example/mesh";

/** As Node's `fetch` throws it. */
function fetchFailed(cause: object): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("inside"), cause) });
}

describe("a request that got no answer", () => {
  it("never left where there was no connection", () => {
    const causes = [
      { code: "ECONNREFUSED", syscall: "connect" },
      { code: "ENOTFOUND", syscall: "getaddrinfo" },
      { code: "UND_ERR_CONNECT_TIMEOUT" },
      { code: "ECONNRESET", message: "disconnected before secure TLS connection was established" },
    ];
    for (const cause of causes) {
      const { error, neverLeft } = connectFailure(fetchFailed(cause), url);
      expect(error, cause.code).to.be.instanceOf(ConnectionFailed);
      expect(error).to.include({ status: 0, reason: "CONNECTION_FAILED", retryable: true });
      expect(error.message).to.include(`https://gateway.example was not reached: ${cause.code}`);
      expect(neverLeft).to.equal(true);
    }
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const both = new AggregateError([refused, refused], "all");
    expect(connectFailure(new TypeError("x", { cause: both }), url).neverLeft).to.equal(true);
  });

  it("may have left where the connection was lost", () => {
    const { error, neverLeft } = connectFailure(fetchFailed({ code: "ECONNRESET" }), url);
    expect(error).to.be.instanceOf(StreamBroken);
    expect(error.message).to.include("ECONNRESET");
    expect(neverLeft).to.equal(false);
  });

  it("may have left where nobody says why, as in browsers", () => {
    for (const thrown of [new TypeError("Failed to fetch"), undefined, "x"]) {
      const { error, neverLeft } = connectFailure(thrown, url);
      expect(error).to.be.instanceOf(ConnectionFailed).and.to.include({ retryable: false });
      expect(error.message).to.include("gateway.cors");
      expect(neverLeft).to.equal(false);
    }
  });

  it("by a certificate that nobody trusts says what to do", () => {
    for (const code of ["DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"]) {
      const { error, neverLeft } = connectFailure(fetchFailed({ code }), url);
      expect(error).to.be.instanceOf(ConnectionFailed).and.to.include({ retryable: false });
      expect(error.message).to.include("NODE_EXTRA_CA_CERTS");
      expect(neverLeft).to.equal(false);
    }
  });
});
