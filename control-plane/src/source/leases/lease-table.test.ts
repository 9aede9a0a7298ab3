// Leases over time, on a clock that the test moves.

import { expect } from "chai";
import type { Refusal } from "./lease.ts";
import { type LeaseRig, leaseRig } from "./lease-rig.test.ts";

describe("the table of leases", () => {
  let rig: LeaseRig;

  beforeEach(() => {
    rig = leaseRig();
  });
  afterEach(() => rig.table.close());

  it("an instance that attaches is an endpoint in one change", () => {
    rig.attach("echo", "b", 2);
    rig.attach("echo", "a", 1);
    expect(rig.changes).to.deep.equal([["echo"], ["echo"]]);
    expect([...rig.table.instances()]).to.deep.equal([
      [
        "echo",
        [
          {
            id: "a",
            address: { kind: "ip", host: "127.0.0.1", port: 1 },
            healthy: true,
            reach: "sidecar",
            zone: "z1",
            version: "1.0",
          },
          {
            id: "b",
            address: { kind: "ip", host: "127.0.0.1", port: 2 },
            healthy: true,
            reach: "sidecar",
            zone: "z1",
            version: "1.0",
          },
        ],
      ],
    ]);
  });

  it("A94 one that drains is out in one change, and the end of its stream is no loss", () => {
    const lease = rig.attach("echo", "a", 1);
    lease.drain();
    expect(rig.health()).to.deep.equal({});
    lease.lose();
    rig.clock.advance(60_000);
    expect(rig.changes).to.deep.equal([["echo"], ["echo"]]);
  });

  it("A94 one that is lost is unhealthy at once, and removed after 30 s", () => {
    rig.attach("echo", "a", 1).lose();
    rig.attach("echo", "b", 2);
    expect(rig.health()).to.deep.equal({ a: false, b: true });
    rig.clock.advance(29_999);
    expect(rig.health()).to.deep.equal({ a: false, b: true });
    rig.clock.advance(1);
    expect(rig.health()).to.deep.equal({ b: true });
    expect(rig.changes).to.have.length(4);
  });

  it("one that is back within the grace is healthy again, and stays", () => {
    rig.attach("echo", "a", 1).lose();
    rig.clock.advance(1000);
    rig.attach("echo", "a", 1);
    rig.clock.advance(60_000);
    expect(rig.health()).to.deep.equal({ a: true });
    expect(rig.table.views()[0]?.since).to.equal("2026-03-01T12:00:00.000Z");
  });

  it("one that says it can take no calls keeps its place without calls", () => {
    const lease = rig.attach("echo", "a", 1);
    lease.health(false);
    lease.health(false);
    expect(rig.health()).to.deep.equal({ a: false });
    lease.health(true);
    expect(rig.health()).to.deep.equal({ a: true });
    expect(rig.changes).to.have.length(3);
  });

  it("the same instance on another stream replaces itself, and the old stream means nothing", () => {
    const ended: Refusal[] = [];
    const old = rig.attach("echo", "a", 1, (refusal) => ended.push(refusal));
    rig.attach("echo", "a", 1);
    expect(ended.map(({ code }) => code)).to.deep.equal(["ABORTED"]);
    old.health(false);
    old.drain();
    old.lose();
    expect(rig.health()).to.deep.equal({ a: true });
    expect(rig.changes).to.have.length(1);
  });

  it("an address whose owner's stream is open is refused to another", () => {
    rig.attach("echo", "a", 1);
    expect(rig.try("poet", "b", 1)).to.deep.equal({
      code: "ALREADY_EXISTS",
      message: "127.0.0.1:1 is where instance a of echo listens.",
    });
    expect(rig.changes).to.have.length(1);
  });

  it("an address whose owner is lost goes to the one that listens there now", () => {
    rig.attach("echo", "a", 1).lose();
    rig.attach("poet", "b", 1);
    expect(rig.health("echo")).to.deep.equal({});
    expect(rig.health("poet")).to.deep.equal({ b: true });
    expect(rig.changes.at(-1)).to.deep.equal(["echo", "poet"]);
  });

  it("an agent that mesh.yaml does not list is refused with the line to add", () => {
    const refused = rig.try("critic", "a", 1);
    expect(refused).to.include({ code: "FAILED_PRECONDITION" });
    expect("code" in refused && refused.message).to.include("\n  critic: {}");
    expect(rig.changes).to.deep.equal([]);
    rig.table.list(new Set(["echo", "critic"]));
    rig.attach("critic", "a", 1);
  });

  it("a development mesh takes it, and says so", () => {
    rig = leaseRig({ dev: true });
    rig.attach("critic", "a", 1);
    expect(rig.notes.map(({ level, agent }) => [level, agent])).to.deep.equal([["warn", "critic"]]);
    rig.table.list(new Set());
    expect(rig.health("critic")).to.deep.equal({ a: true });
  });

  for (const name of ["Poet", "a/b", "-", "a b"]) {
    it(`"${name}" is no agent's name, not even in a development mesh`, () => {
      rig = leaseRig({ dev: true });
      expect(rig.try(name, "a", 1)).to.include({ code: "INVALID_ARGUMENT" });
    });
  }

  it("an agent that is listed no longer loses its leases, for the same reason", () => {
    const ended: Refusal[] = [];
    rig.attach("echo", "a", 1, (refusal) => ended.push(refusal));
    rig.attach("poet", "b", 2);
    rig.table.list(new Set(["poet"]));
    expect(rig.health("echo")).to.deep.equal({});
    expect(rig.health("poet")).to.deep.equal({ b: true });
    expect(ended).to.deep.equal([rig.try("echo", "a", 1)]);
  });

  it("shows an operator who is there, since when and how", () => {
    rig.attach("echo", "a", 1);
    rig.attach("echo", "b", 2).lose();
    expect(rig.table.views()).to.deep.equal([
      {
        agent: "echo",
        instance: "a",
        address: "127.0.0.1:1",
        reach: "sidecar",
        healthy: true,
        version: "1.0",
        zone: "z1",
        description: "Says what it hears.",
        since: "2026-03-01T12:00:00.000Z",
        lease: "held",
      },
      {
        agent: "echo",
        instance: "b",
        address: "127.0.0.1:2",
        reach: "sidecar",
        healthy: false,
        version: "1.0",
        zone: "z1",
        description: "Says what it hears.",
        since: "2026-03-01T12:00:00.000Z",
        lease: "lost",
      },
    ]);
  });
});
