// `smartcall call` where the answer does not come to its end.
import { expect } from "chai";
import { attachAgent, callable } from "../harness/attach-agent.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { textAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { smartcallBin } from "../harness/smartcall.ts";

describe("a call from the command line that does not come to its end", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  let agent: Child;
  before(async () => {
    mesh = await sharedMesh();
  });
  beforeEach(async () => {
    agent = attachAgent(mesh, "slow");
    await callable(mesh, "slow", "Hello");
  });
  afterEach(() => endGroup(agent));

  const call = (...args: readonly string[]): Child =>
    startChild(process.execPath, [smartcallBin, "call", "slow", ...args], {
      cwd: mesh.folder,
      env: mesh.env,
    });

  it("shows the answer as it comes, and cancels the call at Ctrl-C", async () => {
    const called = call("on and on");
    await called.says("tick tick");
    process.kill(called.pid, "SIGINT");
    expect((await called.ended).code).to.equal(130);
    expect(called.output()).to.match(/tick \nsmartcall: Cancelled\.\n$/);
    await agent.says("CANCELLED");
  });

  it("fails where the agent fails on the way, and says why", async () => {
    const called = call("fail");
    expect((await called.ended).code).to.equal(1);
    expect(called.output()).to.match(/^tick \nsmartcall: The ink is dry\. \(/);
  });

  it("prints an error's event too, for scripts", async () => {
    const called = call("fail", "--json");
    expect((await called.ended).code).to.equal(1);
    const events = called
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    expect(textAt(JSON.parse(events.at(-1) ?? ""), "error", "message")).to.equal("The ink is dry.");
  });

  it("fails where the stream breaks off", async () => {
    const called = call("on and on");
    await called.says("tick");
    process.kill(agent.pid, "SIGKILL");
    expect((await called.ended).code).to.equal(1);
    expect(called.output()).to.match(
      /\nsmartcall: The stream broke off: .+\. \(STREAM_BROKEN, .+, request [\w-]+\)\n$/,
    );
  });

  it("is refused with a token that is none", async () => {
    const called = call("Hello", "--token", "none");
    expect((await called.ended).code).to.equal(1);
    expect(called.output()).to.match(/HTTP 401, \w+, fault client, .+, request [\w-]+/);
  });
});
