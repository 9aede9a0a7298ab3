// What operators are told of an instance, and nobody else: its labels, and how much it does.

import { leasePb } from "@smartcall/protos";
import { expect } from "chai";
import { attach, endOf, type ServiceRig, serviceRig } from "./service-rig.test.ts";

describe("what an instance says of itself to operators", () => {
  let rig: ServiceRig;

  beforeEach(async () => {
    rig = await serviceRig();
  });
  afterEach(() => rig.close());

  const labelled = (labels: readonly string[]): leasePb.LeaseReport => {
    const report = attach();
    report.getAttach()?.setLabelsList([...labels]);
    return report;
  };
  const busy = (running: number): leasePb.LeaseReport => {
    const health = new leasePb.InstanceHealth();
    health.setServing(true);
    health.setRunning(running);
    health.setWaiting(1);
    const report = new leasePb.LeaseReport();
    report.setHealth(health);
    return report;
  };
  const shown = async (running: number) => {
    for (let tries = 0; tries < 200; tries++) {
      const [view] = rig.table.views();
      if (view?.running === running) return view;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`not shown: ${JSON.stringify(rig.table.views())}`);
  };

  it("is shown, and changes no endpoint", async () => {
    const stream = rig.hold();
    stream.write(labelled(["rack=7", "gpu"]));
    await rig.nextChange();
    expect(rig.table.views()[0]).to.not.have.property("running");
    const before = rig.table.instances();
    stream.write(busy(3));
    expect(await shown(3)).to.deep.include({ labels: { rack: "7", gpu: "" }, waiting: 1 });
    expect(rig.table.instances()).to.equal(before);
    stream.end();
  });

  it("is refused where it is more than an operator reads", async () => {
    const tooMany = labelled(Array.from({ length: 17 }, (_, index) => `a${index}=b`));
    const tooLong = labelled(["x".repeat(200)]);
    for (const report of [tooMany, tooLong, labelled(["a=\u0007"])]) {
      const stream = rig.hold();
      const ended = endOf(stream);
      stream.write(report);
      expect((await ended).details).to.include("attach.labels");
    }
  });
});
