import { expect } from "chai";
import { Conversation, viewFrom } from "./conversation.test.ts";

const two = viewFrom({ cluster: { a: "1", b: "1" }, endpoint: { a: "1", b: "1" } });

describe("one stream", () => {
  it("A01 closes when the first request has no node id, and keeps the first one after", () => {
    const nameless = new Conversation(two);
    expect(nameless.say("cluster", { node: undefined })).to.deep.equal([]);
    expect(nameless.effects[0]).to.include({ kind: "close", code: "INVALID_ARGUMENT" });
    const named = new Conversation(two);
    named.say("cluster");
    expect(named.say("endpoint", { subscribe: ["a"] })).to.deep.equal(["endpoint +a@1"]);
    expect(named.state.node?.id).to.equal("edge-1");
    const other = { id: "other", cluster: "", version: "" };
    named.say("listener", { node: other });
    expect(named.state.node?.id).to.equal("edge-1");
  });

  it("A02 closes on an empty type and only counts an unknown one", () => {
    const client = new Conversation(two);
    client.say("cluster", { typeUrl: "type.googleapis.com/x.Unknown" });
    expect(client.kinds()).to.deep.equal(["identified", "unknown type"]);
    client.say("cluster", { typeUrl: "" });
    expect(client.effects.at(-1)).to.include({ kind: "close", code: "INVALID_ARGUMENT" });
  });

  it("A03 gives each response its own nonce and takes a strange nonce as no answer", () => {
    const client = new Conversation(two);
    expect(client.say("cluster", { nonce: "another-stream-7" })).to.have.length(1);
    const first = client.nonce("cluster");
    client.say("cluster", { nonce: "another-stream-7" });
    expect(client.state.types.cluster.inFlight?.nonce, "still unanswered").to.equal(first);
    client.ack("cluster");
    expect(client.state.types.cluster.inFlight).to.equal(undefined);
    client.change(viewFrom({ cluster: { a: "2", b: "1" } }));
    expect(client.nonce("cluster")).not.to.equal(first);
  });

  it("A08 B18 says nothing before a model is loaded, and answers when it is", () => {
    const client = new Conversation(undefined);
    expect(client.say("cluster")).to.deep.equal([]);
    expect(client.say("endpoint", { subscribe: ["a"] })).to.deep.equal([]);
    expect(client.change(two)).to.deep.equal(["cluster +a@1 +b@1", "endpoint +a@1"]);
  });
});

describe("which resources a client gets", () => {
  it("A10 takes an empty first request as a wildcard for clusters and listeners only", () => {
    const all = viewFrom({ cluster: { a: "1" }, listener: { l: "1" }, secret: { key: "1" } });
    const client = new Conversation(all);
    expect(client.say("cluster")).to.deep.equal(["cluster +a@1"]);
    expect(client.say("listener")).to.deep.equal(["listener +l@1"]);
    for (const type of ["secret", "endpoint", "route", "extension"] as const) {
      expect(client.say(type), type).to.deep.equal([]);
    }
    expect(client.say("secret", { subscribe: ["*"] })).to.deep.equal([]);
  });

  it("A11 leaves the wildcard for names, and names for nothing", () => {
    const client = new Conversation(two);
    expect(client.say("cluster", { subscribe: ["*", "a"] })).to.deep.equal(["cluster +a@1 +b@1"]);
    client.ack("cluster");
    client.say("cluster", { unsubscribe: ["*"] });
    expect(client.change(viewFrom({ cluster: { a: "2", b: "2" } }))).to.deep.equal([
      "cluster +a@2",
    ]);
    client.ack("cluster");
    expect(client.say("cluster", { unsubscribe: ["a"] })).to.deep.equal([]);
    expect(client.change(viewFrom({ cluster: { a: "3", b: "3" } }))).to.deep.equal([]);
  });

  it("A12 keeps the wildcard beside a name, until the wildcard is given up", () => {
    const client = new Conversation(two);
    client.settle(client.say("cluster"));
    expect(client.say("cluster", { subscribe: ["a"] })).to.deep.equal(["cluster +a@1"]);
    client.ack("cluster");
    expect(client.change(viewFrom({ cluster: { a: "1", b: "2" } }))).to.deep.equal([
      "cluster +b@2",
    ]);
    client.ack("cluster");
    client.say("cluster", { unsubscribe: ["*"] });
    expect(client.change(viewFrom({ cluster: { a: "1", b: "3" } }))).to.deep.equal([]);
  });

  it("A13 answers a name that is asked for twice once", () => {
    const client = new Conversation(two);
    expect(client.say("endpoint", { subscribe: ["a", "a"] })).to.deep.equal(["endpoint +a@1"]);
  });

  it("A14 sends only what is asked, and an unknown name starves no known one", () => {
    const client = new Conversation(two);
    expect(client.say("endpoint", { subscribe: ["x", "a"] })).to.deep.equal(["endpoint +a@1 -x"]);
  });

  it("A15 B05 sends a name that is created later without a new request", () => {
    const client = new Conversation(two);
    client.settle(client.say("endpoint", { subscribe: ["c"] }));
    const more = viewFrom({ endpoint: { a: "1", b: "1", c: "1" } });
    expect(client.change(more)).to.deep.equal(["endpoint +c@1"]);
  });

  it("A17 sends again after unsubscribing and subscribing at one version", () => {
    const client = new Conversation(two);
    client.settle(client.say("endpoint", { subscribe: ["a"] }));
    expect(client.say("endpoint", { unsubscribe: ["a"] })).to.deep.equal([]);
    expect(client.say("endpoint", { subscribe: ["a"] })).to.deep.equal(["endpoint +a@1"]);
  });
});
