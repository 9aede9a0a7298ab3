import { expect } from "chai";
import { edge, viewFrom } from "./conversation.test.ts";
import { createLeftBehind } from "./left-behind.ts";
import { connectedSotw, SotwConversation } from "./sotw-conversation.test.ts";

/** A world whose one route leads to one cluster. */
function leadingTo(name: string, version = "1") {
  return viewFrom(
    {
      cluster: { [name]: version },
      endpoint: { [name]: version },
      listener: { l: "1" },
      route: { r: `to ${name}` },
    },
    { "route/r": { cluster: [name] }, "listener/l": { route: ["r"] } },
  );
}

describe("state of the world: what comes before what", () => {
  it("A50 A52 tells old and new clusters together until the route has moved", () => {
    const client = connectedSotw(leadingTo("a"));
    expect(client.change(leadingTo("b"))).to.deep.equal(["cluster a@1 b@1"]);
    expect(client.ack("cluster")).to.deep.equal([]);
    expect(client.say("endpoint", { names: ["a", "b"] })).to.deep.equal(["endpoint b@1"]);
    expect(client.ack("endpoint")).to.deep.equal(["route r@to b"]);
    expect(client.ack("route")).to.deep.equal(["cluster b@1"]);
    expect(client.ack("cluster")).to.deep.equal([]);
  });

  it("A52 keeps a cluster while the routes that dropped it are refused", () => {
    const client = connectedSotw(leadingTo("a"));
    client.change(leadingTo("b"));
    client.ack("cluster");
    client.say("endpoint", { names: ["a", "b"] });
    client.ack("endpoint");
    expect(client.nack("route")).to.deep.equal([]);
    const kept = client.state.types.cluster.held;
    expect([...kept.keys()].sort()).to.deep.equal(["a", "b"]);
  });

  it("A52 keeps the clusters of a client that comes back until its routes have moved", () => {
    const left = createLeftBehind();
    const before = connectedSotw(leadingTo("a"));
    left.note(before.state);
    const { node } = before.state;
    const client = new SotwConversation(leadingTo("b"), { left: left.of(node) });
    const version = leadingTo("a").versions.cluster;
    expect(client.say("cluster", { version })).to.deep.equal(["cluster a@1 b@1"]);
    client.say("endpoint", { names: ["a"], version: "x" });
    client.settle(client.say("listener", { version: leadingTo("a").versions.listener }));
    expect(client.ack("cluster")).to.deep.equal([]);
    expect(client.say("route", { names: ["r"], version: "x" })).to.deep.equal([]);
    expect(client.say("endpoint", { names: ["a", "b"] })).to.deep.equal(["endpoint b@1"]);
    expect(client.settle(client.ack("endpoint"))).to.deep.equal(["route r@to b", "cluster b@1"]);
  });

  it("A52 keeps the clusters that an earlier control plane told, where ours began with them", () => {
    const left = createLeftBehind();
    left.begin(leadingTo("a"));
    left.begin(leadingTo("b"));
    const client = new SotwConversation(leadingTo("b"), { left: left.of(edge) });
    const version = leadingTo("a").versions.cluster;
    expect(client.say("cluster", { version })).to.deep.equal(["cluster a@1 b@1"]);
  });

  it("A52 takes no listener from a client that comes back while a new one must wait", () => {
    const view = viewFrom(
      { cluster: { a: "1" }, endpoint: { a: "1" }, listener: { l: "1", m: "1" } },
      { "listener/m": { cluster: ["a"] } },
    );
    const client = new SotwConversation(view);
    client.say("cluster");
    expect(client.say("listener", { version: "of another time" })).to.deep.equal([]);
    client.ack("cluster");
    expect(client.say("endpoint", { names: ["a"] })).to.deep.equal(["endpoint a@1"]);
    expect(client.ack("endpoint")).to.deep.equal(["listener l@1 m@1"]);
  });

  it("A62 never takes an extension away", () => {
    const client = new SotwConversation(viewFrom({ extension: { e: "1" } }));
    client.settle(client.say("extension", { names: ["e"] }));
    expect(client.change(viewFrom({}))).to.deep.equal([]);
  });
});

describe("state of the world: refusals", () => {
  const world = (versions: Readonly<Record<string, string>>) => viewFrom({ cluster: versions });

  it("A70 never sends again what was refused until it changes", () => {
    const client = connectedSotw(world({ a: "1" }));
    expect(client.change(world({ a: "2" }))).to.deep.equal(["cluster a@2"]);
    expect(client.nack("cluster")).to.deep.equal([]);
    expect(client.change(world({ a: "2", b: "1" }))).to.deep.equal(["cluster a@1 b@1"]);
    expect(client.ack("cluster")).to.deep.equal([]);
    expect(client.change(world({ a: "3", b: "1" }))).to.deep.equal(["cluster a@3 b@1"]);
  });

  it("A71 sends a newer version at once, even one that came while the refusal was under way", () => {
    const client = connectedSotw(world({ a: "1" }));
    client.change(world({ a: "2" }));
    expect(client.change(world({ a: "3" }))).to.deep.equal([]);
    expect(client.nack("cluster")).to.deep.equal(["cluster a@3"]);
  });

  it("A72 adds each of several refused resources alone to what is held, once, to find the bad one", () => {
    const client = connectedSotw(world({ a: "1" }));
    expect(client.change(world({ a: "2", b: "bad", c: "1" }))).to.deep.equal([
      "cluster a@2 b@bad c@1",
    ]);
    expect(client.nack("cluster")).to.deep.equal(["cluster a@2"]);
    expect(client.ack("cluster")).to.deep.equal(["cluster a@2 b@bad"]);
    expect(client.nack("cluster")).to.deep.equal(["cluster a@2 c@1"]);
    expect(client.ack("cluster")).to.deep.equal([]);
    const { refused } = client.state.types.cluster;
    expect(Object.fromEntries(refused)).to.deep.equal({ b: "bad" });
  });

  it("A72 refuses all at once where nobody knows what the client held, until some of it changes", () => {
    const client = new SotwConversation(world({ a: "1", b: "bad" }));
    client.say("cluster", { version: "of another time" });
    expect(client.nack("cluster")).to.deep.equal([]);
    const again = new SotwConversation(world({ a: "1", b: "bad" }), {
      refused: { cluster: client.state.types.cluster.refused },
    });
    expect(again.say("cluster", { version: "of another time" })).to.deep.equal([]);
    expect(client.change(world({ a: "1" }))).to.deep.equal(["cluster a@1"]);
    expect(client.ack("cluster")).to.deep.equal([]);
    expect(client.effects.at(-1)).to.include({ kind: "recovered", type: "cluster" });
    expect(client.change(world({ a: "1", c: "1" }))).to.deep.equal(["cluster a@1 c@1"]);
  });

  it("A72 takes away with the next response what a refused one was to take away", () => {
    const client = connectedSotw(viewFrom({ listener: { l: "1", m: "1" } }));
    expect(client.change(viewFrom({ listener: { l: "2" } }))).to.deep.equal(["listener l@2"]);
    expect(client.nack("listener")).to.deep.equal(["listener l@1"]);
    expect(client.ack("listener")).to.deep.equal([]);
  });

  it("A73 ignores a refusal of a type that is not watched", () => {
    const client = new SotwConversation(world({ a: "1" }));
    expect(client.say("cluster", { refuses: "bad" })).to.deep.equal([]);
    expect(client.state.types.cluster.started).to.equal(false);
    expect(client.say("cluster")).to.deep.equal(["cluster a@1"]);
    const named = new SotwConversation(world({ a: "1" }));
    expect(named.say("cluster", { names: ["a"], refuses: "bad" })).to.deep.equal([]);
    expect(named.state.types.cluster.started).to.equal(false);
  });

  it("A74 says what was refused and why, and when the client has recovered", () => {
    const client = connectedSotw(world({ a: "1" }));
    client.change(world({ a: "2" }));
    client.nack("cluster", "a is bad");
    const nacked = client.effects.at(-1);
    expect(nacked).to.include({ kind: "nacked", type: "cluster" });
    expect(nacked?.kind === "nacked" && nacked.refusal.message).to.equal("a is bad");
    client.settle(client.change(world({ a: "3" })));
    expect(client.effects.at(-1)).to.include({ kind: "recovered", type: "cluster" });
  });
});
