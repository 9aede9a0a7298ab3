import { expect } from "chai";
import { createMemory } from "./memory.ts";

describe("what is held for callers", () => {
  it("is bounded for each of them over all its sockets, and for all of them", () => {
    const memory = createMemory({ ofCaller: 100, ofAll: 150 });
    const [one, again, other] = [
      memory.shareOf("one"),
      memory.shareOf("one"),
      memory.shareOf("other"),
    ];
    expect(one.take(60)).to.equal("room");
    expect(again.take(41)).to.equal("caller");
    expect(again.take(40)).to.equal("room");
    expect(other.take(51)).to.equal("all");
    expect(other.take(50)).to.equal("room");
    expect(memory.held).to.equal(150);
    one.give(60);
    expect(other.take(50)).to.equal("room");
  });

  it("counts what is there already beyond any bound, and says so", () => {
    const memory = createMemory({ ofCaller: 100, ofAll: 1_000 });
    const share = memory.shareOf("one");
    share.hold(101);
    expect(share.room).to.equal("caller");
    share.give(1);
    expect(share.room).to.equal("room");
  });

  it("is given back with the socket, once", () => {
    const memory = createMemory({ ofCaller: 100, ofAll: 1_000 });
    const [one, other] = [memory.shareOf("one"), memory.shareOf("one")];
    one.hold(70);
    other.hold(20);
    one.close();
    one.give(10);
    one.close();
    expect(memory.held).to.equal(20);
    expect(other.take(80)).to.equal("room");
  });
});
