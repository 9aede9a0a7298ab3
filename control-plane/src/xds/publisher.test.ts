import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { viewFrom } from "./conversation.test.ts";
import { createPublisher } from "./publisher.ts";

function publisher() {
  const clock = createManualClock();
  const pushed: number[] = [];
  const made = createPublisher(
    clock,
    () => pushed.push(clock.now()),
    () => undefined,
  );
  return { clock, pushed, ...made };
}

const one = viewFrom({ cluster: { a: "1" } }).snapshot;
const two = viewFrom({ cluster: { a: "2" } }).snapshot;

describe("publishing", () => {
  it("A08 serves the first snapshot at once", () => {
    const { publish, pushed, current } = publisher();
    expect(current()).to.equal(undefined);
    expect(publish(one, "start")).to.deep.equal({ ok: true, generation: 1 });
    expect(pushed).to.deep.equal([0]);
  });

  it("A92 B17 pushes nothing for the same content", () => {
    const { publish, pushed, clock } = publisher();
    publish(one, "start");
    const again = viewFrom({ cluster: { a: "1" } }).snapshot;
    expect(publish(again, "mesh.yaml")).to.deep.equal({ ok: true, generation: 1 });
    clock.pass(1000);
    expect(pushed).to.have.length(1);
  });

  it("A80 B14 gathers changes and serves the newest", () => {
    const { publish, pushed, clock, current } = publisher();
    publish(one, "start");
    publish(two, "mesh.yaml");
    publish(viewFrom({ cluster: { a: "3" } }).snapshot, "mesh.yaml");
    expect(current()?.number).to.equal(1);
    clock.pass(1000);
    expect(pushed).to.deep.equal([0, 100]);
    expect(current()).to.include({ number: 3, reason: "mesh.yaml", changedAt: 0 });
  });

  it("A53 refuses a snapshot that does not hold together, and keeps the last good one", () => {
    const { publish, current, clock } = publisher();
    publish(one, "start");
    const before = current();
    const cluster = new Map([["eds", edsCluster]]);
    const result = publish({ ...one, cluster }, "mesh.yaml");
    expect(result.ok ? [] : result.problems.map(({ message }) => message)).to.deep.equal([
      'The cluster "eds" names the endpoint "eds", which does not exist.',
    ]);
    clock.pass(1000);
    expect(current()).to.equal(before);
  });
});

// A Cluster message: name = "eds", eds_cluster_config = {}.
const edsCluster = {
  name: "eds",
  version: "1",
  body: new Uint8Array([0x0a, 3, 0x65, 0x64, 0x73, 0x1a, 0]),
};
