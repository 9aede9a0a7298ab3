import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import {
  agentOf,
  instanceAt,
  routeOf,
  type ScriptedMesh,
  startScriptedMesh,
  textOf,
  times,
} from "./scripted-mesh.ts";

const retry = { attempts: 1, on: ["slow"], perTryMs: 300, hedge: true } as const;

describe("A route that hedges", () => {
  let mesh: ScriptedMesh;
  before(async () => {
    mesh = await startScriptedMesh(["one", "two"], (server) => {
      const at = [instanceAt(server("one")), instanceAt(server("two"))];
      return {
        agents: [agentOf("pair", at, { ejection: "never" })],
        routes: [routeOf("pair", { retry })],
      };
    });
  });
  after(() => mesh.stop());
  afterEach(() => {
    for (const name of ["one", "two"]) mesh.server(name).does = {};
  });

  it("takes the answer of a second try, and ends the first at its instance", async () => {
    const { server } = mesh;
    server("one").does = { afterMs: 3_000 };
    const cancelled = server("one").cancelled;
    const calls = server("one").calls;
    // Which one is asked first is chance: so many that not all begin with the quick one.
    const replies = await times(20, async () => textOf(await mesh.call("pair")));
    expect(replies).to.deep.equal(Array(20).fill("two"));
    const tries = server("one").calls - calls;
    expect(tries).to.be.greaterThan(0);
    await eventually(() => expect(server("one").cancelled - cancelled).to.equal(tries));
    expect(server("two").cancelled).to.equal(0);
  });

  it("takes the answer of the first try, if that is sooner after all, and ends the second", async () => {
    const { server } = mesh;
    for (const name of ["one", "two"]) server(name).does = { afterMs: 500 };
    const cancelled = server("one").cancelled + server("two").cancelled;
    const reply = await mesh.call("pair");
    // Of one try after the other, the second had answered.
    const [first] = [server("one"), server("two")].sort((a, b) => a.askedAt - b.askedAt);
    expect(textOf(reply)).to.equal(first?.name);
    await eventually(() =>
      expect(server("one").cancelled + server("two").cancelled - cancelled).to.equal(1),
    );
  });

  it("asks nobody twice for a stream", async () => {
    const { server } = mesh;
    for (const name of ["one", "two"]) server(name).does = { afterMs: 700 };
    const counts = await mesh.counting(async () => {
      expect((await mesh.call("pair", { method: "stream" })).status).to.equal(200);
    });
    expect(Object.values(counts)).to.deep.equal([1]);
    expect(mesh.gateway.refused).to.deep.equal([]);
  });
});
