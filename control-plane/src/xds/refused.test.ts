import { expect } from "chai";
import { Conversation, viewFrom } from "./conversation.test.ts";

const two = viewFrom({ cluster: { a: "1", b: "1" }, endpoint: { a: "1", b: "1" } });

describe("refusals", () => {
  it("A70 B01 never sends again what was refused, on this stream or the node's next", () => {
    const client = new Conversation(viewFrom({ cluster: { a: "1" } }));
    client.say("cluster");
    expect(client.nack("cluster")).to.deep.equal([]);
    expect(client.say("cluster", { subscribe: ["a"] })).to.deep.equal([]);
    const { refused } = client.state.types.cluster;
    const next = new Conversation(client.view, { cluster: refused });
    expect(next.say("cluster")).to.deep.equal(["cluster"]);
    expect(next.ack("cluster")).to.deep.equal([]);
  });

  it("A71 sends a newer version at once, even one that came while the refusal was under way", () => {
    const client = new Conversation(viewFrom({ cluster: { a: "1" } }));
    client.say("cluster");
    expect(client.change(viewFrom({ cluster: { a: "2" } }))).to.deep.equal([]);
    expect(client.nack("cluster")).to.deep.equal(["cluster +a@2"]);
  });

  it("A72 sends each of several refused resources alone, once, to find the bad one", () => {
    const client = new Conversation(viewFrom({ cluster: { a: "1", bad: "1", c: "1" } }));
    client.say("cluster");
    expect(client.nack("cluster")).to.deep.equal(["cluster +a@1"]);
    expect(client.ack("cluster")).to.deep.equal(["cluster +bad@1"]);
    expect(client.nack("cluster")).to.deep.equal(["cluster +c@1"]);
    expect(client.ack("cluster")).to.deep.equal([]);
    expect([...client.state.types.cluster.held.keys()].sort()).to.deep.equal(["a", "c"]);
    expect([...client.state.types.cluster.refused]).to.deep.equal([["bad", "1"]]);
  });

  it("A72 sends one certificate at a time: Envoy takes a refused one unread when it comes again", () => {
    const client = new Conversation(viewFrom({ secret: { bad: "1", c: "1" } }));
    expect(client.say("secret", { subscribe: ["bad", "c"] })).to.deep.equal(["secret +bad@1"]);
    expect(client.nack("secret")).to.deep.equal(["secret +c@1"]);
    expect(client.ack("secret")).to.deep.equal([]);
    expect([...client.state.types.secret.refused]).to.deep.equal([["bad", "1"]]);
    expect(client.state.types.secret.troubled).to.equal(true);
  });

  it("A72 can still take away a good resource of a refused response", () => {
    const client = new Conversation(viewFrom({ cluster: { a: "1", bad: "1" } }));
    client.say("cluster");
    client.nack("cluster");
    client.change(viewFrom({}));
    expect(client.settle(client.ack("cluster"))).to.deep.equal(["cluster -a -bad"]);
  });

  it("A72 takes away what may be held, though a newer version of it was refused", () => {
    const client = new Conversation(viewFrom({ cluster: { a: "1", bad: "1" } }));
    client.say("cluster");
    client.change(viewFrom({ cluster: { a: "2" } }));
    expect(client.nack("cluster")).to.deep.equal(["cluster +a@2"]);
    expect(client.nack("cluster")).to.deep.equal(["cluster -bad"]);
    client.change(viewFrom({}));
    expect(client.ack("cluster")).to.deep.equal(["cluster -a"]);
  });

  it("A73 ignores a refusal of a type that is not watched", () => {
    const client = new Conversation(two);
    expect(client.say("cluster", { refuses: "what?", nonce: "x" })).to.deep.equal([]);
    expect(client.state.types.cluster.started).to.equal(false);
  });

  it("A74 says what was refused and why, and when the node has recovered", () => {
    const client = new Conversation(viewFrom({ cluster: { a: "1" } }));
    client.say("cluster");
    client.nack("cluster", "no such field");
    const refusal = client.effects.find((effect) => effect.kind === "nacked");
    expect(refusal?.refusal).to.deep.equal({ code: 3, message: "no such field" });
    expect(client.kinds()).not.to.include("recovered");
    client.change(viewFrom({ cluster: { a: "2" } }));
    expect(client.kinds()).not.to.include("recovered");
    client.ack("cluster");
    expect(client.kinds().at(-1)).to.equal("recovered");
  });

  it("A74 recovers once it has taken again what it held, when the model goes back to that", () => {
    const client = new Conversation(viewFrom({ cluster: { a: "1" } }));
    client.settle(client.say("cluster"));
    client.change(viewFrom({ cluster: { a: "2" } }));
    client.nack("cluster");
    expect(client.change(viewFrom({ cluster: { a: "1" } }))).to.deep.equal(["cluster +a@1"]);
    expect(client.kinds()).not.to.include("recovered");
    client.ack("cluster");
    expect(client.kinds().at(-1)).to.equal("recovered");
  });

  describe("of what a listener is built with", () => {
    const names = { "listener/l": { secret: ["k"], extension: ["jwt"] } };
    const of = (listener: string, secret: string, extension = "1") =>
      viewFrom(
        { listener: { l: listener }, secret: { k: secret }, extension: { jwt: extension } },
        names,
      );
    const gateway = (): Conversation => {
      const client = new Conversation(of("1", "1"));
      client.settle(client.say("listener"));
      client.settle(client.say("secret", { subscribe: ["k"] }));
      client.settle(client.say("extension", { subscribe: ["jwt"] }));
      return client;
    };

    it("keep the listener back, and what was good goes out again", () => {
      const client = gateway();
      expect(client.change(of("2", "bad"))).to.deep.equal(["secret +k@bad"]);
      expect(client.nack("secret")).to.deep.equal([]);
      expect(client.change(of("1", "1"))).to.deep.equal(["secret +k@1"]);
      expect(client.ack("secret")).to.deep.equal([]);
    });

    it("keep the listener back until the filter is taken as well", () => {
      const client = gateway();
      expect(client.change(of("2", "2", "2"))).to.deep.equal(["secret +k@2", "extension +jwt@2"]);
      expect(client.ack("secret")).to.deep.equal([]);
      expect(client.nack("extension")).to.deep.equal([]);
      expect(client.change(of("2", "2", "3"))).to.deep.equal(["extension +jwt@3"]);
      expect(client.ack("extension")).to.deep.equal(["listener +l@2"]);
    });

    it("let a listener be tried again once its certificate is another one", () => {
      const client = new Conversation(of("2", "1"));
      // A gateway comes back with a certificate that it refused, and asks for listeners first.
      expect(client.say("listener", { holds: { l: "1" } })).to.deep.equal(["listener +l@2"]);
      expect(client.nack("listener")).to.deep.equal([]);
      expect(client.say("secret", { subscribe: ["k"] })).to.deep.equal(["secret +k@1"]);
      expect(client.ack("secret")).to.deep.equal(["listener +l@2"]);
      expect(client.nack("listener")).to.deep.equal([]);
    });
  });
});
