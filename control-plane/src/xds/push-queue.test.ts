import { expect } from "chai";
import { createPushQueue } from "./push-queue.ts";

describe("the push queue", () => {
  it("A81 keeps one entry for a stream, however often it is added", () => {
    const pushed: string[] = [];
    const later: (() => void)[] = [];
    const queue = createPushQueue<string>(
      (stream) => pushed.push(stream),
      (run) => later.push(run),
    );
    for (let i = 0; i < 1000; i += 1) queue.add("slow");
    expect(queue.size()).to.equal(1);
    for (const run of later) run();
    expect(pushed).to.deep.equal(["slow"]);
    expect(queue.size()).to.equal(0);
  });

  it("A05 lets requests in between pushes to many streams", () => {
    const done: string[] = [];
    const later: (() => void)[] = [];
    const queue = createPushQueue<number>(
      (stream) => done.push(`push ${stream}`),
      (run) => later.push(run),
    );
    for (let i = 0; i < 30; i += 1) queue.add(i);
    later.shift()?.();
    done.push("request");
    later.shift()?.();
    expect(done.indexOf("request")).to.equal(25);
    expect(done).to.have.length(31);
  });

  it("A06 B13 forgets a stream that has ended", () => {
    const later: (() => void)[] = [];
    const queue = createPushQueue<string>(
      () => expect.fail("pushed"),
      (run) => later.push(run),
    );
    queue.add("gone");
    queue.remove("gone");
    for (const run of later) run();
    expect(queue.size()).to.equal(0);
  });
});
