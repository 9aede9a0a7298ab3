// The lease against a control plane that a test plays over real gRPC.

import { status } from "@grpc/grpc-js";
import { createLog, systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { holdLease, type Lease, type LeaseTerms } from "./lease.ts";
import { eventually } from "./testing/eventually.ts";
import { type LeaseDesk, openLeaseDesk } from "./testing/lease-desk.ts";
import { logLines } from "./testing/log-lines.ts";

describe("a lease", function () {
  this.timeout(10_000);
  let desks: LeaseDesk[] = [];
  let leases: Lease[] = [];
  const desk = async (...args: Parameters<typeof openLeaseDesk>): Promise<LeaseDesk> => {
    const opened = await openLeaseDesk(...args);
    desks.push(opened);
    return opened;
  };
  const hold = (controlPlane: string, more: Partial<LeaseTerms> = {}) => {
    const logged = logLines();
    const lease = holdLease({
      sidecar: sidecarAt(controlPlane),
      elsewhere: false,
      controlPlane,
      joinTokenPath: "/state/join-token",
      agent: "poet",
      instance: "poet-1",
      version: "1.0",
      zone: "a",
      description: "",
      labels: {},
      load: () => ({ running: 0, waiting: 0 }),
      log: createLog("poet", "debug", logged),
      clock: systemClock,
      ...more,
    });
    leases.push(lease);
    return { lease, logged };
  };
  afterEach(() => {
    for (const lease of leases) lease.close();
    for (const { kill } of desks) kill();
    leases = [];
    desks = [];
  });

  it("attaches, and says so once the mesh has it", async () => {
    const { address, leases } = await desk(0, (lease) => lease.attached("demo"));
    const { logged } = hold(address);
    await eventually("it is attached", () => logged.saying("attached to the mesh").length === 1);
    expect(leases[0]?.reports).to.deep.equal(["attach poet 1.0 a"]);
    expect(logged.saying("attached to the mesh")[0]).to.include({ mesh: "demo", level: "info" });
  });

  it("attaches again soon after the control plane was killed, with its health", async () => {
    const first = await desk(0, (lease) => lease.attached("demo"));
    const { lease, logged } = hold(first.address);
    await eventually("it is attached", () => logged.saying("attached to the mesh").length === 1);
    lease.setServing(false);
    await eventually("its health is told", () => first.leases[0]?.reports.length === 2);
    first.kill();
    await eventually("the loss is said", () => logged.text().includes("broke: either that ended"));
    expect(logged.text()).not.to.include("cannot be reached");
    await eventually("its end is said", () => logged.text().includes("cannot be reached"));
    await new Promise((resolve) => setTimeout(resolve, 700));
    const again = Date.now();
    const second = await desk(Number(first.address.split(":")[1]));
    await eventually("it attaches again", () => second.leases[0]?.reports.length === 2);
    expect(Date.now() - again).to.be.lessThan(6_000);
    expect(second.leases[0]?.reports[1]).to.equal("health false");
    expect(logged.text().split("cannot be reached")).to.have.length(2);
  });

  it("says a refusal once, with the control plane's own words, and goes on trying", async () => {
    const sentence = "mesh.yaml does not list poet: add `poet: {}` under agents";
    const { address, leases } = await desk(0, (lease) => {
      if (leases.length < 2) lease.refuse(status.FAILED_PRECONDITION, sentence);
      else lease.attached("demo");
    });
    const { logged } = hold(address);
    await eventually("it is attached", () => logged.saying("attached to the mesh").length === 1);
    expect(logged.text().split(sentence)).to.have.length(2);
  });

  it("does not say that a control plane is down which it only lost, and attaches again", async () => {
    const { address, leases } = await desk(0, (lease) => {
      lease.attached("demo");
      if (leases.length === 1) lease.refuse(status.UNAVAILABLE, "no answer to a ping");
    });
    const { logged } = hold(address);
    await eventually("it attaches again", () => leases.length === 2);
    await eventually("it says so", () => logged.saying("attached to the mesh").length === 2);
    expect(logged.text()).to.include("a long computation held it");
    expect(logged.text()).not.to.include("make up");
  });

  it("says of a control plane elsewhere what is found out of it, and of a token what that one says", async () => {
    const gone = await desk();
    gone.kill();
    let looked = 0;
    const unreached = async () => `nobody listens there (${++looked})`;
    const there = { ...sidecarAt(gone.address), unreached };
    const { logged } = hold(gone.address, { elsewhere: true, sidecar: there });
    await eventually("it is said", () => logged.text().includes("nobody listens there (1)"));
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(looked).to.equal(1);
    expect(logged.text()).not.to.include("make up");
    const { address } = await desk(0, (lease) => {
      lease.refuse(status.UNAUTHENTICATED, "it was revoked");
    });
    const refused = hold(address, { elsewhere: true }).logged;
    await eventually("it is said", () => refused.text().includes("it was revoked"));
    expect(refused.text()).to.include("/state/join-token").and.not.include("SMARTCALL_STATE");
  });

  it("says what to do about a join token that is not taken, and has the sidecar look for another", async () => {
    let distrusted = 0;
    const { address } = await desk(0, (lease) => lease.refuse(status.UNAUTHENTICATED, "no"));
    const { logged } = hold(address, {
      sidecar: { ...sidecarAt(address), distrusted: () => distrusted++ },
    });
    await eventually("it is said", () => logged.text().includes("SMARTCALL_STATE"));
    expect(logged.text()).to.include("/state/join-token");
    expect(distrusted).to.equal(1);
  });

  it("waits for its sidecar without a word", async () => {
    const { address, leases } = await desk();
    let ready = false;
    const { logged } = hold(address, {
      sidecar: { ...sidecarAt(address), ready: () => ready },
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(leases).to.deep.equal([]);
    ready = true;
    await eventually("it attaches", () => leases[0] !== undefined);
    expect(logged.text()).to.equal("");
  });

  it("drains: asks for no new calls, waits for the word, and does not attach again", async () => {
    const { address, leases } = await desk(0, (lease) => lease.attached("demo"));
    const { lease, logged } = hold(address);
    await eventually("it is attached", () => logged.saying("attached to the mesh").length === 1);
    let drained: boolean | undefined;
    const draining = lease.drain(5000).then((known) => {
      drained = known;
    });
    await eventually("it asks", () => leases[0]?.reports.at(-1) === "drain");
    expect(drained).to.equal(undefined);
    leases[0]?.drained();
    await draining;
    expect(drained).to.equal(true);
    leases[0]?.refuse(status.UNAVAILABLE, "bye");
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(leases).to.have.length(1);
  });

  it("gives up draining after its time, or at once where the mesh never had it", async () => {
    const { address } = await desk(0, (lease) => lease.attached("demo"));
    const { lease, logged } = hold(address);
    await eventually("it is attached", () => logged.saying("attached to the mesh").length === 1);
    expect(await lease.drain(50)).to.equal(false);
    const { lease: lonely } = hold(address, {
      sidecar: { ...sidecarAt(address), ready: () => false },
    });
    expect(await lonely.drain(60_000)).to.equal(true);
  });

  it("tells a control plane that comes back while it drains", async () => {
    const first = await desk(0, (lease) => lease.attached("demo"));
    const { lease, logged } = hold(first.address);
    await eventually("it is attached", () => logged.saying("attached to the mesh").length === 1);
    first.kill();
    const draining = lease.drain(5000);
    const second = await desk(Number(first.address.split(":")[1]));
    await eventually("it asks again", () => second.leases[0]?.reports.at(-1) === "drain");
    expect(second.leases[0]?.reports).to.have.length(2);
    second.leases[0]?.drained();
    expect(await draining).to.equal(true);
  });

  it("tells its labels, and what it does once that has changed", async () => {
    const { address, leases } = await desk();
    let running = 0;
    hold(address, { labels: { rack: "7" }, load: () => ({ running, waiting: 1 }) });
    await eventually("it attaches", () => leases[0]?.reports.length === 1);
    expect(leases[0]?.reports[0]).to.equal("attach poet 1.0 a rack=7");
    running = 3;
    await eventually("it tells", () => leases[0]?.reports[1] === "health true 3 1");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(leases[0]?.reports).to.have.length(2);
  });

  it("lets go when it closes", async () => {
    const { address, leases } = await desk();
    const { lease } = hold(address);
    await eventually("it attaches", () => leases[0]?.reports.length === 1);
    lease.close();
    await eventually("it has let go", () => leases[0]?.ended === true);
  });
});

function sidecarAt(lease: string): LeaseTerms["sidecar"] {
  return {
    lease,
    ready: () => true,
    distrusted: () => undefined,
    displaced: () => "its port is another's",
    unreached: async () => undefined,
  };
}
