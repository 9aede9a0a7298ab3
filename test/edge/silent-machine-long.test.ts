// What callers wait for whose instance's machine went without a word.
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import {
  agentOf,
  instanceAt,
  routeOf,
  type ScriptedMesh,
  startScriptedMesh,
} from "./scripted-mesh.ts";
import { type SilentProxy, startSilentProxy } from "./silent-proxy.ts";

describe("An instance whose machine goes without a word", () => {
  let mesh: ScriptedMesh;
  let proxy: SilentProxy;
  before(async () => {
    mesh = await startScriptedMesh(["far"], () => ({ agents: [] }));
    proxy = await startSilentProxy(mesh.server("far").port);
    await mesh.change({
      agents: [agentOf("far", [instanceAt({ port: proxy.port, name: "far" })])],
      routes: [routeOf("far", { timeoutMs: 300_000 })],
    });
  });
  after(async () => {
    await mesh.stop();
    proxy.stop();
  });

  it("is found out within a minute, though the call may take five minutes", async () => {
    await eventually(async () => expect((await mesh.call("far")).status).to.equal(200));
    const before = mesh.server("far").calls;
    mesh.server("far").does = { afterMs: 400 };
    const since = performance.now();
    const call = mesh.call("far");
    await eventually(() => expect(mesh.server("far").calls).to.equal(before + 1));
    proxy.goSilent();
    expectRefusal(await call, 503, "UNAVAILABLE", "AGENT_UNAVAILABLE");
    expect(performance.now() - since).to.be.within(5_000, 60_000);
  });
});
