import { expect } from "chai";
import { Conversation, viewFrom } from "./conversation.test.ts";

const two = viewFrom({ cluster: { a: "1", b: "1" }, endpoint: { a: "1", b: "1" } });

describe("delta", () => {
  it("A30 answers a first wildcard request at once, even with nothing", () => {
    const client = new Conversation(viewFrom({}));
    expect(client.say("cluster")).to.deep.equal(["cluster"]);
    expect(client.ack("cluster")).to.deep.equal([]);
    expect(client.say("listener")).to.deep.equal(["listener"]);
  });

  it("A31 sends a resource again when its holder subscribes again", () => {
    const client = new Conversation(two);
    client.settle(client.say("endpoint", { subscribe: ["a"] }));
    expect(client.say("endpoint", { subscribe: ["a"] })).to.deep.equal(["endpoint +a@1"]);
  });

  it("A32 says that a name does not exist, and keeps watching it", () => {
    const client = new Conversation(two);
    expect(client.say("endpoint", { subscribe: ["c"] })).to.deep.equal(["endpoint -c"]);
    expect(client.ack("endpoint")).to.deep.equal([]);
    expect(client.state.types.endpoint.names.has("c")).to.equal(true);
  });

  it("A33 sends exactly what changed, and a deletion once", () => {
    const hundred = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`c${i}`, "1"]));
    const client = new Conversation(viewFrom({ cluster: hundred }));
    client.settle(client.say("cluster"));
    const changed = { ...hundred, c7: "2" };
    expect(client.change(viewFrom({ cluster: changed }))).to.deep.equal(["cluster +c7@2"]);
    client.ack("cluster");
    const fewer = Object.fromEntries(Object.entries(changed).filter(([name]) => name !== "c8"));
    expect(client.change(viewFrom({ cluster: fewer }))).to.deep.equal(["cluster -c8"]);
    expect(client.ack("cluster")).to.deep.equal([]);
    expect(client.change(viewFrom({ cluster: fewer }))).to.deep.equal([]);
  });

  it("A34 ignores giving up a name that was not asked for", () => {
    const client = new Conversation(two);
    client.settle(client.say("cluster"));
    expect(client.say("cluster", { unsubscribe: ["ghost"] })).to.deep.equal([]);
  });

  it("A35 tells what a name is when it is given up beside the wildcard", () => {
    const client = new Conversation(two);
    client.settle(client.say("cluster", { subscribe: ["*", "a", "x"] }));
    expect(client.say("cluster", { unsubscribe: ["a", "x"] })).to.deep.equal(["cluster +a@1 -x"]);
  });

  it("A36 honours a subscription with a stale nonce, and takes none without nonce as an ACK", () => {
    const client = new Conversation(two);
    client.say("endpoint", { subscribe: ["a"] });
    const stale = client.nonce("endpoint");
    client.ack("endpoint");
    expect(client.say("endpoint", { subscribe: ["b"], nonce: stale })).to.deep.equal([
      "endpoint +b@1",
    ]);
    client.say("endpoint", { subscribe: ["c"] });
    expect(client.state.types.endpoint.inFlight?.versions.has("b")).to.equal(true);
    expect(client.ack("endpoint")).to.deep.equal(["endpoint -c"]);
  });

  it("A37 B08 tells a returning client what no longer exists", () => {
    const client = new Conversation(two);
    expect(client.say("listener", { holds: { gone: "1" } })).to.deep.equal(["listener -gone"]);
    client.settle(client.say("cluster", { holds: { a: "1", b: "1", gone: "1" } }));
    expect(client.ack("listener")).to.deep.equal(["cluster -gone"]);
  });

  it("A38 skips what a returning client holds, but always sends what depends on it", () => {
    const client = new Conversation(two);
    const holds = { a: "1", b: "1" };
    expect(client.say("cluster", { holds })).to.deep.equal([]);
    expect(client.kinds().at(-1)).to.equal("held");
    expect(client.say("endpoint", { subscribe: ["a", "b"], holds })).to.deep.equal([
      "endpoint +a@1 +b@1",
    ]);
  });

  it("A38 keeps the wildcard of a returning client that also subscribes to names", () => {
    for (const subscribe of [["*", "a"], ["a"]]) {
      const client = new Conversation(two);
      expect(client.say("cluster", { subscribe, holds: { a: "1", b: "0" } })).to.deep.equal([
        "cluster +b@1",
      ]);
    }
  });

  it("A39 removes the cluster whose endpoints a returning client asks for, if none uses them", () => {
    const client = new Conversation(two);
    client.say("cluster", { holds: { a: "1" } });
    client.ack("cluster");
    client.settle(client.say("endpoint", { subscribe: ["a", "ghost"], holds: { a: "1" } }));
    expect(client.settle(client.say("listener"))).to.include("cluster -ghost");
  });

  it("A39 removes even a cluster that the client refused anew when it came back", () => {
    const client = new Conversation(viewFrom({ cluster: { b: "2" } }));
    client.say("cluster");
    client.settle(client.say("endpoint", { subscribe: ["b"] }));
    client.nack("cluster");
    expect(client.change(viewFrom({}))).to.deep.equal(["cluster -b"]);
  });

  it("A40 gives every resource its own version", () => {
    const client = new Conversation(viewFrom({ cluster: { a: "abc", b: "def" } }));
    expect(client.say("cluster")).to.deep.equal(["cluster +a@abc +b@def"]);
  });
});
