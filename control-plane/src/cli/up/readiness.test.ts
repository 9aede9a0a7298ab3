import { expect } from "chai";
import { hasHealthyHost } from "./readiness.ts";

describe("an agent's readiness", () => {
  const page = [
    "echo::default_priority::max_connections::1024",
    "echo::127.0.0.1:4000::cx_active::0",
    "echo::127.0.0.1:4000::health_flags::healthy",
    "assistant::127.0.0.1:4001::health_flags::/failed_eds_health",
    "",
  ].join("\n");

  it("is a healthy host of its cluster in the edge", () => {
    expect(hasHealthyHost(page, "echo")).to.equal(true);
    expect(hasHealthyHost(page, "assistant")).to.equal(false);
    expect(hasHealthyHost(page, "ech")).to.equal(false);
    expect(hasHealthyHost("", "echo")).to.equal(false);
  });
});
