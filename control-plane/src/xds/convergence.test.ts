import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { createConvergenceWaiters, type Progress } from "./convergence.ts";

function waiters(nodes: Progress[], pushed = { generation: 1 }) {
  const clock = createManualClock();
  const made = createConvergenceWaiters(
    clock,
    () => pushed.generation,
    () => nodes,
  );
  return { clock, pushed, ...made };
}

describe("waiting for every node", () => {
  it("is over at once when all hold it, or none is connected", async () => {
    expect(await waiters([]).wait(1, 1000)).to.equal("acked");
    expect(await waiters([{ generation: 2, refused: false }]).wait(1, 1000)).to.equal("acked");
  });

  it("waits for the push, and for the slowest node", async () => {
    const nodes: Progress[] = [{ generation: 1, refused: false }];
    const { wait, check, pushed, clock } = waiters(nodes);
    const waited = wait(2, 1000);
    pushed.generation = 2;
    check();
    nodes[0] = { generation: 2, refused: false };
    check();
    expect(await waited).to.equal("acked");
    expect(clock.waiting()).to.equal(0);
  });

  it("says that a node refused", async () => {
    const nodes = [
      { generation: 1, refused: false },
      { generation: 1, refused: true },
    ];
    expect(await waiters(nodes).wait(1, 1000)).to.equal("refused");
  });

  it("is over after its time", async () => {
    const { wait, clock } = waiters([{ generation: 0, refused: false }]);
    const waited = wait(1, 1000);
    clock.pass(1000);
    expect(await waited).to.equal("timeout");
  });
});
