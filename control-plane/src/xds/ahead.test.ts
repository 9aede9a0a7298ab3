import { expect } from "chai";
import { viewFrom } from "./conversation.test.ts";
import { type RunningXds, ScriptedClient, startXds, until } from "./scripted-client.test.ts";

const of = (versions: Readonly<Record<string, string>>) => viewFrom({ cluster: versions }).snapshot;

describe("nodes that go ahead of the others", () => {
  let running: RunningXds;
  let first: ScriptedClient;
  let second: ScriptedClient;
  const ahead = (versions: Readonly<Record<string, string>>) => ({
    snapshot: of(versions),
    nodes: new Set(["one"]),
  });
  const progressOf = (node: string) =>
    running.xds.progress().find((progress) => progress.node === node);

  beforeEach(async () => {
    running = await startXds();
    running.xds.publish(of({ a: "1" }), "start");
    [first, second] = [new ScriptedClient(running.port), new ScriptedClient(running.port)];
    first.say("cluster", { node: "one" });
    second.say("cluster", { node: "two" });
    expect([await first.take(), await second.take()]).to.deep.equal([
      "cluster +a@1",
      "cluster +a@1",
    ]);
  });
  afterEach(() => {
    first.close();
    second.close();
    running.stop();
  });

  it("get what the others get only when they no longer are ahead", async () => {
    const published = running.xds.publish(of({ a: "1" }), "mesh.yaml", ahead({ a: "2" }));
    expect(await first.take()).to.equal("cluster +a@2");
    await until(() => progressOf("one")?.answered === true);
    expect(progressOf("one")).to.deep.include({ node: "one", generation: 2, refused: [] });
    expect(published).to.deep.equal({ ok: true, generation: 2 });
    expect(second.untaken()).to.equal(0);
    running.xds.publish(of({ a: "2" }), "mesh.yaml");
    expect(await second.take()).to.equal("cluster +a@2");
    expect(first.untaken()).to.equal(0);
  });

  it("go back when what they were given is taken from them, and keep what flows meanwhile", async () => {
    running.xds.publish(of({ a: "1" }), "mesh.yaml", ahead({ a: "2" }));
    expect(await first.take()).to.equal("cluster +a@2");
    running.xds.publish(of({ a: "1", b: "1" }), "lease", ahead({ a: "2", b: "1" }));
    expect([await first.take(), await second.take()]).to.deep.equal([
      "cluster +b@1",
      "cluster +b@1",
    ]);
    running.xds.publish(of({ a: "1", b: "1" }), "mesh.yaml");
    expect(await first.take()).to.equal("cluster +a@1");
    expect(second.untaken()).to.equal(0);
  });

  it("A72 A74 tell which of several resources they refuse, and in which words", async () => {
    running.xds.publish(of({ a: "1" }), "mesh.yaml", ahead({ a: "1", b: "2", c: "2" }));
    const { nonce } = await first.next();
    first.say("cluster", { nonce, refuses: "something about b and c" });
    const { nonce: alone } = await first.next();
    first.say("cluster", { nonce: alone, refuses: "b has no address" });
    expect(await first.take()).to.equal("cluster +c@2");
    await until(() => progressOf("one")?.answered === true);
    const refused = { type: "cluster", name: "b", version: "2", origin: undefined };
    expect(progressOf("one")?.refused).to.deep.equal([{ ...refused, message: "b has no address" }]);
  });

  it("A70 are sent what they refused once more only when they are forgiven", async () => {
    const refuse = async (): Promise<void> => {
      const { nonce } = await first.next();
      first.say("cluster", { nonce, refuses: "the port is taken" });
      await until(() => (progressOf("one")?.refused.length ?? 0) > 0);
    };
    running.xds.publish(of({ a: "1" }), "mesh.yaml", ahead({ a: "2" }));
    await refuse();
    running.xds.publish(of({ a: "1" }), "mesh.yaml");
    expect(await first.take()).to.equal("cluster +a@1");
    await until(() => progressOf("one")?.answered === true);
    expect(progressOf("one")?.refused).to.deep.equal([]);
    running.xds.publish(of({ a: "1" }), "mesh.yaml", ahead({ a: "2" }));
    await until(() => progressOf("one")?.refused.length === 1);
    expect(first.untaken()).to.equal(0);
    running.xds.publish(of({ a: "1" }), "mesh.yaml");
    running.xds.forgive();
    running.xds.publish(of({ a: "1" }), "mesh.yaml", ahead({ a: "2" }));
    expect(await first.take()).to.equal("cluster +a@2");
  });

  it("count as having answered only once they watch all that calls need", async () => {
    const sketch = { cluster: { a: "1" }, listener: { l: "1" }, route: { r: "1" } };
    const names = { "listener/l": { route: ["r"] } };
    running.xds.publish(viewFrom(sketch, names).snapshot, "mesh.yaml", ahead({ a: "2" }));
    expect(progressOf("two")?.answered).to.equal(false);
    second.say("listener");
    expect(await second.take()).to.equal("listener +l@1");
    await until(() => progressOf("two")?.answered === true);
  });
});
