import { expect } from "chai";
import { viewFrom } from "./conversation.test.ts";
import { SimulatedEnvoy } from "./simulated-envoy.test.ts";
import { connectedSotw, SotwConversation } from "./sotw-conversation.test.ts";

const two = viewFrom({
  cluster: { a: "1", b: "1" },
  endpoint: { a: "1", b: "1" },
  listener: { l: "1" },
  secret: { k: "1" },
});

describe("state of the world: which resources a client gets", () => {
  it("A10 takes no names as all clusters and all listeners, and as nothing of any other type", () => {
    const client = new SotwConversation(two);
    expect(client.say("cluster")).to.deep.equal(["cluster a@1 b@1"]);
    expect(client.say("listener")).to.deep.equal(["listener l@1"]);
    for (const type of ["secret", "endpoint", "route", "extension"] as const) {
      expect(client.say(type), type).to.deep.equal([]);
    }
  });

  it("A11 leaves the wildcard for names, and names for nothing", () => {
    const client = new SotwConversation(two);
    expect(client.say("cluster", { names: ["*", "a"] })).to.deep.equal(["cluster a@1 b@1"]);
    expect(client.ack("cluster", ["a"])).to.deep.equal([]);
    const changed = viewFrom({ cluster: { a: "2", b: "2" } });
    expect(client.change(changed)).to.deep.equal(["cluster a@2"]);
    expect(client.ack("cluster", [])).to.deep.equal([]);
    expect(client.change(viewFrom({ cluster: { a: "3", b: "3" } }))).to.deep.equal([]);
  });

  it("A11 goes from no names to some, and from the wildcard by its name to nothing", () => {
    const client = new SotwConversation(two);
    client.say("cluster");
    expect(client.ack("cluster", ["b"])).to.deep.equal(["cluster b@1"]);
    client.ack("cluster");
    expect(client.change(viewFrom({ cluster: { a: "2", b: "2" } }))).to.deep.equal(["cluster b@2"]);
    const named = new SotwConversation(two);
    named.say("cluster");
    named.ack("cluster", ["*"]);
    named.say("cluster", { names: [] });
    expect(named.change(viewFrom({ cluster: { a: "2" } }))).to.deep.equal([]);
  });

  it("A14 sends only what is asked, and an unknown name starves no known one", () => {
    const client = new SotwConversation(two);
    expect(client.say("endpoint", { names: ["x", "a"] })).to.deep.equal(["endpoint a@1"]);
    expect(client.say("listener", { names: ["x"] })).to.deep.equal(["listener"]);
  });

  it("A15 sends a name that is created later without a new request", () => {
    const client = new SotwConversation(two);
    expect(client.say("endpoint", { names: ["c"] })).to.deep.equal([]);
    expect(client.change(viewFrom({ endpoint: { c: "1" } }))).to.deep.equal(["endpoint c@1"]);
  });

  it("A16 sends names that are added, and says nothing when names are only given up", () => {
    const client = new SotwConversation(two);
    client.settle(client.say("endpoint", { names: ["a"] }));
    expect(client.say("endpoint", { names: ["a", "b"] })).to.deep.equal(["endpoint b@1"]);
    client.ack("endpoint");
    expect(client.say("endpoint", { names: ["b"] })).to.deep.equal([]);
    client.settle(client.say("cluster", { names: ["*"] }));
    expect(client.say("cluster", { names: ["*", "a"] })).to.deep.equal(["cluster a@1 b@1"]);
    client.ack("cluster");
    expect(client.say("cluster", { names: ["*"] })).to.deep.equal([]);
  });

  it("A17 sends again after unsubscribing and subscribing at one version", () => {
    const client = new SotwConversation(two);
    client.settle(client.say("endpoint", { names: ["a"] }));
    expect(client.say("endpoint", { names: [] })).to.deep.equal([]);
    expect(client.say("endpoint", { names: ["a"] })).to.deep.equal(["endpoint a@1"]);
  });

  it("A11 gives up the endpoints of a client whose last cluster is gone", () => {
    const client = new SotwConversation(two);
    client.settle(client.say("endpoint", { names: ["a"] }));
    client.say("endpoint", { names: [] });
    expect(client.change(viewFrom({ endpoint: { a: "2", b: "2" } }))).to.deep.equal([]);
  });
});

describe("state of the world: what a response holds", () => {
  it("A20 tells all clusters of a change, and of other types only what changed", () => {
    const client = connectedSotw(two);
    const next = viewFrom({
      cluster: { a: "2", b: "1" },
      endpoint: { a: "1", b: "2" },
      listener: { l: "1" },
    });
    expect(client.settle(client.change(next))).to.deep.equal([
      "cluster a@2 b@1",
      "endpoint a@1 b@2",
    ]);
    expect(
      client.change(viewFrom({ ...sketchOfNext, endpoint: { a: "3", b: "2" } })),
    ).to.deep.equal(["endpoint a@3"]);
  });

  it("A21 takes an ACK in silence", () => {
    const client = new SotwConversation(two);
    client.say("cluster");
    expect(client.ack("cluster")).to.deep.equal([]);
    expect(client.effects.at(-1)).to.include({ kind: "acked", type: "cluster" });
    expect(client.say("cluster"), "said again").to.deep.equal([]);
  });

  it("A22 knows a refusal by its error alone, whatever version it names", () => {
    const client = new SotwConversation(two);
    client.say("listener");
    client.say("listener", { refuses: "bad", version: client.version("listener") });
    expect(client.effects.at(-1)).to.include({ kind: "nacked", type: "listener" });
    const other = new SotwConversation(two);
    other.say("listener");
    other.say("listener", { version: "some other" });
    expect(other.effects.at(-1)).to.include({ kind: "acked", type: "listener" });
  });

  it("A23 has one version for the same content on every stream, and another for other content", () => {
    const [one, other] = [new SotwConversation(two), new SotwConversation(two)];
    one.say("cluster");
    other.say("cluster", { names: ["b", "a"] });
    expect(one.version("cluster")).to.equal(other.version("cluster"));
    expect(one.version("cluster")).to.equal(two.versions.cluster);
    const part = new SotwConversation(two);
    part.say("cluster", { names: ["a"] });
    expect(part.version("cluster")).to.match(/^[0-9a-f]{64}$/);
    expect(part.version("cluster")).to.equal(viewFrom({ cluster: { a: "1" } }).versions.cluster);
    expect(part.version("cluster")).not.to.equal(one.version("cluster"));
  });

  it("A24 sends endpoints again to one who asks again after its cluster changed, and to no other", () => {
    const client = connectedSotw(two);
    client.settle(client.change(viewFrom({ ...sketchOfNext, endpoint: { a: "1", b: "1" } })));
    expect(client.say("endpoint")).to.deep.equal(["endpoint a@1"]);
    expect(client.ack("endpoint")).to.deep.equal([]);
  });

  it("A25 takes what answers an older response as no answer, and says nothing to it", () => {
    const client = new SotwConversation(two);
    client.say("endpoint", { names: ["a"] });
    const old = client.nonce("endpoint");
    client.ack("endpoint");
    client.change(viewFrom({ endpoint: { a: "2", b: "1" } }));
    const { length } = client.effects;
    expect(client.say("endpoint", { nonce: old, names: ["a", "b"] })).to.deep.equal([]);
    expect(client.say("endpoint", { nonce: old, refuses: "bad" })).to.deep.equal([]);
    expect(client.effects).to.have.length(length);
    expect(client.ack("endpoint", ["a", "b"])).to.deep.equal(["endpoint b@1"]);
    client.ack("endpoint");
    expect(client.say("endpoint", { nonce: old, names: ["a"] })).to.deep.equal([]);
    expect(client.state.types.endpoint.names.has("b")).to.equal(true);
  });

  it("A17 A25 sends again what was given up and asked for while another response was under way", () => {
    const client = new SotwConversation(two);
    client.settle(client.say("endpoint", { names: ["a"] }));
    const old = client.nonce("endpoint");
    expect(client.say("endpoint", { names: ["a", "b"] })).to.deep.equal(["endpoint b@1"]);
    expect(client.say("endpoint", { nonce: old, names: ["b"] })).to.deep.equal([]);
    expect(client.say("endpoint", { nonce: old, names: ["a", "b"] })).to.deep.equal([]);
    expect(client.ack("endpoint")).to.deep.equal(["endpoint a@1"]);
  });

  it("A51 re-sends the endpoints after their cluster changed, and no others", () => {
    const client = connectedSotw(two);
    const next = viewFrom({ ...sketchOfNext, endpoint: { a: "1", b: "1" } });
    expect(client.change(next)).to.deep.equal(["cluster a@2 b@1", "endpoint a@1"]);
  });
});

describe("state of the world: a client that comes back", () => {
  it("A26 is told all clusters even if it has our version of them, and what depends on them", () => {
    const client = new SotwConversation(two);
    const version = two.versions.cluster;
    expect(client.say("cluster", { version })).to.deep.equal(["cluster a@1 b@1"]);
    expect(client.ack("cluster")).to.deep.equal([]);
    const endpoints = { names: ["a"], version: two.versions.endpoint };
    expect(client.say("endpoint", endpoints)).to.deep.equal(["endpoint a@1"]);
    const secrets = { names: ["k"], version: two.versions.secret };
    expect(client.say("secret", secrets)).to.deep.equal(["secret k@1"]);
  });

  it("A26 is told the clusters that it names", () => {
    const client = new SotwConversation(two);
    const version = two.versions.cluster;
    expect(client.say("cluster", { names: ["a", "b"], version })).to.deep.equal([
      "cluster a@1 b@1",
    ]);
  });

  it("A03 is told all of another version, whatever its nonce", () => {
    const client = new SotwConversation(two);
    const before = { version: "of another time", nonce: "another-stream-7" };
    expect(client.say("cluster", before)).to.deep.equal(["cluster a@1 b@1"]);
  });

  it("A37 loses what no longer exists", () => {
    const client = new SotwConversation(viewFrom({ cluster: { b: "1" } }));
    expect(client.say("cluster", { version: two.versions.cluster })).to.deep.equal(["cluster b@1"]);
  });

  it("A37 loses what it kept of a response that it refused, whatever version it says it has", () => {
    const small = viewFrom({ cluster: { a: "1" }, endpoint: { a: "1" } });
    const envoy = new SimulatedEnvoy(small, "sotw");
    settle(envoy);
    envoy.change(viewFrom({ cluster: { a: "1", b: "1", c: "bad" }, endpoint: { a: "1" } }));
    envoy.deliver();
    expect([...(envoy.holds.get("cluster")?.keys() ?? [])]).to.deep.equal(["a", "b"]);
    envoy.change(small);
    // The response that takes `b` away again is lost with the stream.
    envoy.connect();
    settle(envoy);
    expect([...(envoy.holds.get("cluster")?.keys() ?? [])]).to.deep.equal(["a"]);
  });
});

function settle(envoy: SimulatedEnvoy): void {
  while (envoy.deliver());
}

const sketchOfNext = { cluster: { a: "2", b: "1" }, listener: { l: "1" } };
