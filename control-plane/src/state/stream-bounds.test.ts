// Whose flood of streams is refused to whom.

import { expect } from "chai";
import type { NodeProof } from "./node-proof.ts";
import { createStreamCount, ownRates, ownStreams } from "./stream-bounds.ts";

describe("streams of nodes", () => {
  let now = 0;
  const token = { id: "t", subject: "s", expires: new Date(0) };
  const agent = (name: string): NodeProof => ({ kind: "agent", name, token });
  const gateway = (name: string): NodeProof => ({ kind: "gateway", name, token });
  const owner: NodeProof = { kind: "owner" };
  const counted = (most = 10_000) =>
    createStreamCount({ rate: { perSecond: 100, burst: 1_000 }, most }, () => now);
  const begun = (count: ReturnType<typeof counted>, proof: NodeProof, times: number): number =>
    Array.from({ length: times }).filter(() => count.begin(proof) !== undefined).length;

  beforeEach(() => {
    now = 0;
  });

  it("A82 begin only so fast for one token's name, and no slower for any other", () => {
    const count = counted();
    expect(begun(count, agent("echo"), 3_000)).to.equal(ownRates.agent.burst);
    expect(begun(count, gateway("g2"), 3_000)).to.equal(ownRates.gateway.burst);
    expect(begun(count, agent("poet"), 3)).to.equal(3);
    expect(begun(count, gateway("g3"), 3)).to.equal(3);
    expect(begun(count, owner, 1_500)).to.equal(1_000);
    now = 1_000;
    expect(begun(count, agent("echo"), 3_000)).to.equal(ownRates.agent.perSecond);
  });

  it("are only so many of one token's name, and may be others once some have ended", () => {
    const count = counted();
    const ends: ((() => void) | undefined)[] = [];
    for (let second = 0; second < 200; second++) {
      now = second * 1_000;
      for (let each = 0; each < 20; each++) ends.push(count.begin(agent("echo")));
    }
    const open = ends.filter((end) => end !== undefined);
    expect(open).to.have.length(ownStreams.agent);
    expect(begun(count, agent("poet"), 1)).to.equal(1);
    // Said twice, it counts once.
    open[0]?.();
    open[0]?.();
    now += 60_000;
    expect(begun(count, agent("echo"), 3)).to.equal(1);
  });

  it("of all agents with tokens leave half of the room to gateways and to this machine", () => {
    const count = counted(100);
    expect(begun(count, agent("a"), 40) + begun(count, agent("b"), 40)).to.equal(50);
    expect(begun(count, gateway("g2"), 10)).to.equal(10);
    expect(begun(count, owner, 100)).to.equal(40);
  });
});
