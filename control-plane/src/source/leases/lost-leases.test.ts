// Instances that are gone: one, many at once, or only the control plane itself.

import { expect } from "chai";
import { type LeaseRig, leaseRig } from "./lease-rig.test.ts";
import { parseLeases } from "./remembered-leases.ts";

describe("instances lost together", () => {
  let rig: LeaseRig;

  beforeEach(() => {
    rig = leaseRig();
  });
  afterEach(() => rig.table.close());

  it("most instances lost together are all kept as they were, and that is said loudly", () => {
    const leases = [1, 2, 3, 4, 5, 6].map((port) => rig.attach("echo", `i${port}`, port));
    leases[0]?.health(false);
    for (const lease of leases.slice(0, 4)) {
      lease.lose();
      rig.clock.advance(1000);
    }
    const before = { i1: false, i2: true, i3: true, i4: true, i5: true, i6: true };
    expect(rig.health()).to.deep.equal(before);
    expect(
      rig.notes.filter(({ level }) => level === "error").map(({ message }) => message),
    ).to.deep.equal(["4 of 6 instances were lost together: all are kept as they were"]);
    rig.clock.advance(600_000);
    expect(rig.health()).to.deep.equal(before);
  });

  it("three of four lost together are lost: fewer than four say nothing", () => {
    const leases = [1, 2, 3, 4].map((port) => rig.attach("echo", `i${port}`, port));
    for (const lease of leases.slice(0, 3)) lease.lose();
    expect(rig.health()).to.deep.equal({ i1: false, i2: false, i3: false, i4: true });
  });

  it("four of eight lost together are lost: no more than half", () => {
    const leases = Array.from({ length: 8 }, (_, i) => rig.attach("echo", `i${i}`, i + 1));
    for (const lease of leases.slice(0, 4)) lease.lose();
    expect(Object.values(rig.health()).filter((healthy) => !healthy)).to.have.length(4);
  });

  it("instances lost one after the other over a minute are lost", () => {
    const leases = [1, 2, 3, 4, 5].map((port) => rig.attach("echo", `i${port}`, port));
    for (const lease of leases.slice(0, 4)) {
      lease.lose();
      rig.clock.advance(10_000);
    }
    expect(rig.health()).to.deep.equal({ i3: false, i4: false, i5: true });
  });

  it("those that come each in the place of one that was lost are lost, however quickly", () => {
    const [old] = [1, 2, 3, 4].map((port) => rig.attach("echo", `i${port}`, port));
    for (const port of [11, 12, 13, 14, 15, 16]) {
      const lease = rig.attach("echo", `n${port}`, port);
      rig.clock.advance(400);
      lease.lose();
      rig.clock.advance(400);
    }
    old?.lose();
    const called = Object.entries(rig.health()).flatMap(([id, healthy]) => (healthy ? [id] : []));
    expect(called).to.deep.equal(["i2", "i3", "i4"]);
    expect(rig.notes.map(({ level }) => level)).to.not.include("error");
  });

  it("most instances lost together are kept, though one came and went meanwhile", () => {
    const leases = [1, 2, 3, 4, 5, 6].map((port) => rig.attach("echo", `i${port}`, port));
    rig.clock.advance(10_000);
    for (const lease of leases.slice(0, 2)) lease.lose();
    rig.clock.advance(500);
    const brief = rig.attach("echo", "brief", 7);
    rig.clock.advance(500);
    brief.lose();
    for (const lease of leases.slice(2)) lease.lose();
    const called = Object.entries(rig.health()).flatMap(([id, healthy]) => (healthy ? [id] : []));
    expect(called).to.deep.equal(["i1", "i2", "i3", "i4", "i5", "i6"]);
  });

  it("once most are back, those that are not have 30 s like any other", () => {
    const ids = [1, 2, 3, 4, 5];
    for (const port of ids) rig.attach("echo", `i${port}`, port).lose();
    expect(Object.values(rig.health())).to.deep.equal(
      [false, false, false, false, false].map(() => true),
    );
    rig.clock.advance(20_000);
    for (const port of ids.slice(0, 4)) rig.attach("echo", `i${port}`, port);
    rig.clock.advance(9_999);
    expect(rig.health()).to.have.property("i5", true);
    rig.clock.advance(1);
    expect(rig.health()).to.deep.equal({ i1: true, i2: true, i3: true, i4: true });
  });
});

describe("leases after a restart of the control plane", () => {
  let rig: LeaseRig;

  beforeEach(() => {
    rig = leaseRig();
  });
  afterEach(() => rig.table.close());

  it("A94 instances are served as they were, for 30 s", () => {
    rig.attach("echo", "a", 1);
    rig.attach("echo", "b", 2).health(false);
    const before = rig.table.instances();
    rig.clock.advance(100_000);
    rig = rig.restart();
    expect(rig.table.instances()).to.deep.equal(before);
    expect(rig.changes).to.deep.equal([]);
    rig.clock.advance(29_999);
    expect(rig.table.instances()).to.deep.equal(before);
    rig.clock.advance(1);
    expect(rig.table.instances().size).to.equal(0);
  });

  it("the return of an instance changes nothing, and keeps it", () => {
    rig.attach("echo", "a", 1);
    const before = rig.table.views();
    rig = rig.restart();
    rig.attach("echo", "a", 1);
    rig.clock.advance(60_000);
    expect(rig.changes).to.deep.equal([]);
    expect(rig.table.views()).to.deep.equal(before);
  });

  it("what happens after the end of a control plane is no loss", () => {
    const lease = rig.attach("echo", "a", 1);
    rig.table.close();
    lease.lose();
    rig = rig.restart();
    expect(rig.health()).to.deep.equal({ a: true });
  });

  it("instances of an agent that is listed no longer are not served", () => {
    rig.attach("echo", "a", 1);
    rig = rig.restart(["poet"]);
    expect(rig.table.instances().size).to.equal(0);
    expect(rig.changes).to.deep.equal([]);
    expect(rig.notes.map(({ instance }) => instance)).to.deep.equal(["a"]);
  });

  it("an instance that listens where one was remembered takes its place", () => {
    rig.attach("echo", "a", 1);
    rig = rig.restart();
    rig.attach("echo", "b", 1);
    expect(rig.health()).to.deep.equal({ b: true });
  });

  for (const text of ["", "[]", "{}", '{"instances":[{"agent":"echo"}]}', '{"instances":[null]}']) {
    it(`a text that makes no sense is no memory: ${text}`, () => {
      expect(parseLeases(text, 0)).to.equal(undefined);
    });
  }
});
