// What went wrong in other control planes, and is not the plain other side of one behaviour.

import { expect } from "chai";
import { Conversation, connected, viewFrom } from "./conversation.test.ts";
import { SotwConversation } from "./sotw-conversation.test.ts";
import { standing } from "./standing.ts";

const two = viewFrom({
  cluster: { a: "1", b: "1" },
  endpoint: { a: "1", b: "1" },
  listener: { l: "1", m: "1" },
});

describe("bugs of others", () => {
  it("A86 B03 sends every type that changed at once, and takes the answers in any order", () => {
    const all = (version: string) =>
      viewFrom({
        cluster: { a: version },
        endpoint: { a: version },
        listener: { l: version },
        route: { r: version },
        secret: { s: version },
        extension: { x: version },
      });
    const client = new Conversation(all("1"));
    const types = ["cluster", "endpoint", "listener", "route", "secret", "extension"] as const;
    const names = { endpoint: ["a"], route: ["r"], secret: ["s"], extension: ["x"] };
    for (const type of types) {
      const subscribe = type === "cluster" || type === "listener" ? [] : names[type];
      client.settle(client.say(type, { subscribe }));
    }
    expect(client.change(all("2"))).to.have.length(6);
    for (const type of [...types].reverse()) expect(client.ack(type), type).to.deep.equal([]);
    expect(standing(client.state, all("2"))).to.equal("synced");
  });

  it("B03 sends nothing that is given up while it waits", () => {
    const client = new Conversation(two);
    client.say("endpoint", { subscribe: ["a", "b"] });
    client.change(viewFrom({ endpoint: { a: "2", b: "2" } }));
    client.say("endpoint", { unsubscribe: ["b"] });
    expect(client.ack("endpoint")).to.deep.equal(["endpoint +a@2"]);
  });

  it("B06 says once that a name does not exist, and then nothing until it does", () => {
    const client = new Conversation(two);
    expect(client.say("endpoint", { subscribe: ["x"] })).to.deep.equal(["endpoint -x"]);
    for (let i = 0; i < 3; i += 1) expect(client.ack("endpoint")).to.deep.equal([]);
    const other = new SotwConversation(two);
    for (let i = 0; i < 3; i += 1) {
      expect(other.say("endpoint", { names: ["x"] })).to.deep.equal([]);
    }
  });

  it("B07 keeps what is asked of one type apart from every other", () => {
    const client = new Conversation(two);
    client.settle(client.say("endpoint", { subscribe: ["a"] }));
    expect(client.say("cluster", { subscribe: ["b"] })).to.deep.equal(["cluster +b@1"]);
    client.ack("cluster");
    client.say("cluster", { unsubscribe: ["b"] });
    const changed = viewFrom({ cluster: { a: "2", b: "2" }, endpoint: { a: "2", b: "2" } });
    expect(client.change(changed)).to.deep.equal(["endpoint +a@2"]);
  });

  it("B09 takes nothing away with a change of endpoints alone", () => {
    const client = connected(two);
    const { snapshot } = two;
    const moved = viewFrom({
      cluster: { a: "1", b: "1" },
      endpoint: { a: "2", b: "1" },
      listener: { l: "1", m: "1" },
    });
    expect(client.settle(client.change(moved))).to.deep.equal(["endpoint +a@2"]);
    expect(client.state.types.cluster.held.size).to.equal(snapshot.cluster.size);
  });

  it("B10 takes away clusters and listeners that nobody named, also such as came later", () => {
    const client = connected(two);
    const more = viewFrom({
      cluster: { a: "1", b: "1", c: "1" },
      listener: { l: "1", m: "1", n: "1" },
    });
    client.settle(client.change(more));
    const less = viewFrom({ cluster: { a: "1" }, listener: { l: "1" } });
    const told = client.settle(client.change(less));
    expect(told).to.include.members(["listener -m -n", "cluster -b -c"]);
  });

  it("B11 waits for no answer of a client that asks for nothing of a type", () => {
    for (const client of [new Conversation(two), new SotwConversation(two)]) {
      client.settle(client.say("cluster"));
      client.say("secret");
      expect(standing(client.state, two)).to.equal("synced");
    }
  });

  it("B12 serves a client whose first words were of no use", () => {
    const client = new Conversation(undefined);
    client.say("cluster", { typeUrl: "type.googleapis.com/x.Unknown" });
    client.say("cluster", { refuses: "what was never sent" });
    client.say("cluster");
    expect(client.change(two)).to.deep.equal(["cluster +a@1 +b@1"]);
    expect(client.ack("cluster")).to.deep.equal([]);
  });
});
