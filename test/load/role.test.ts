import { expect } from "chai";
import { roleOf } from "./role.ts";

describe("The role of a process", () => {
  const node = "/usr/bin/node --enable-source-maps";

  it("is told from its command line", () => {
    expect(roleOf("/usr/bin/node /r/control-plane/bin/smartcall.js up")).to.equal("supervisor");
    expect(roleOf(`${node} /r/control-plane/dist/main.js`)).to.equal("control plane");
    expect(roleOf(`${node} /r/services/quota/dist/main.js`)).to.equal("quota service");
    expect(roleOf(`${node} /r/services/realtime/dist/main.js`)).to.equal("realtime service");
    expect(roleOf("/e/_bin/envoy --config-path /s/envoy/edge.json --x")).to.equal("edge");
  });

  it("of an agent has its name, and so has that of its sidecar, by who started it", () => {
    expect(roleOf(`${node} dist/echo.js`)).to.equal("agent echo");
    const sidecar = "/e/_bin/envoy --config-path bootstrap.json --concurrency 1";
    expect(roleOf(sidecar, "/usr/bin/node /r/test/dist/agents/ticker.js")).to.equal(
      "sidecar of ticker",
    );
  });
});
