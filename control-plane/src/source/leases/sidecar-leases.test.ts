// Leases that come by sidecars.

import { status } from "@grpc/grpc-js";
import { type leasePb, leaseService } from "@smartcall/protos";
import { expect } from "chai";
import type { JoinedBy } from "../../state/index.ts";
import { parseLeases } from "./index.ts";
import { printLeases } from "./remembered-leases.ts";
import { attach, endOf, noticeOn, type ServiceRig, serviceRig } from "./service-rig.test.ts";
import { type SidecarPlace, sidecarMs } from "./sidecar-place.ts";

describe("a lease that comes by a sidecar", () => {
  let rig: ServiceRig;
  let connected: Map<string, SidecarPlace>;
  const place = (agent: string, host = "10.0.0.7"): SidecarPlace => ({
    agent,
    address: { kind: "ip", host, port: 7001 },
  });
  const hold = (node: string, report = attach()) => {
    const stream = rig.hold("secret", node);
    stream.write(report);
    return stream;
  };
  const instances = () => rig.table.instances().get("echo") ?? [];

  beforeEach(async () => {
    connected = new Map();
    rig = await serviceRig({ sidecar: (node) => connected.get(node) });
  });
  afterEach(() => rig.close());

  it("is for where the sidecar is", async () => {
    connected.set("echo/a", place("echo"));
    const notice = await noticeOn(hold("echo/a"));
    expect(notice.hasAttached()).to.equal(true);
    const [instance] = instances();
    expect(instance).to.deep.include({
      address: { kind: "ip", host: "10.0.0.7", port: 7001 },
      reach: "sidecar",
    });
  });

  it("waits a moment for a sidecar that is later than its agent", async () => {
    const attached = noticeOn(hold("echo/a"));
    await moving(3);
    expect(instances()).to.deep.equal([]);
    connected.set("echo/a", place("echo"));
    await moving(2);
    expect((await attached).hasAttached()).to.equal(true);
  });

  it("is the only one that is taken: without a sidecar it is refused with what to do instead", async () => {
    connected.set("echo/a", place("echo"));
    const { code, details } = await endOf(hold(""));
    expect(code).to.equal(status.FAILED_PRECONDITION);
    expect(details).to.include("instances: { static:");
    expect(instances()).to.deep.equal([]);
    // What it says of its address, in a field that there was, counts for nothing.
    const own = leaseService.hold.requestDeserialize(withAddress(attach()));
    expect(await endOf(hold("", own))).to.include({ code: status.FAILED_PRECONDITION });
    expect((await noticeOn(hold("echo/a", own))).hasAttached()).to.equal(true);
    expect(instances()[0]?.address).to.deep.equal({ kind: "ip", host: "10.0.0.7", port: 7001 });
  });

  it("is refused to an agent that mesh.yaml does not list, with the line to add", async () => {
    connected.set("poet/a", place("poet"));
    const { code, details } = await endOf(hold("poet/a", attach({ agent: "poet" })));
    expect(code).to.equal(status.FAILED_PRECONDITION);
    expect(details).to.include("  poet: {}");
    expect(rig.table.instances().size).to.equal(0);
  });

  it("is refused where the sidecar does not come, or listens nowhere", async () => {
    const ended = endOf(hold("echo/a"));
    await moving(sidecarMs / 25 + 2);
    expect(await ended).to.include({ code: status.FAILED_PRECONDITION });
    connected.set("echo/b", { agent: "echo", address: undefined });
    expect(await endOf(hold("echo/b"))).to.include({ code: status.FAILED_PRECONDITION });
    expect(instances()).to.deep.equal([]);
  });

  it("waits until its sidecar listens, and is refused where that cannot", async () => {
    connected.set("echo/a", { ...place("echo"), pending: true });
    const ended = endOf(hold("echo/a"));
    await moving(3);
    connected.set("echo/a", { ...place("echo"), refused: "Address already in use" });
    await moving(2);
    const { code, details } = await ended;
    expect(code).to.equal(status.ALREADY_EXISTS);
    expect(details).to.match(/cannot listen at 10\.0\.0\.7:7001: Address already in use/);
    expect(instances()).to.deep.equal([]);
  });

  it("is refused to an agent whose sidecar is another's", async () => {
    connected.set("planner/a", place("planner"));
    expect(await endOf(hold("planner/a"))).to.include({ code: status.PERMISSION_DENIED });
    expect(instances()).to.deep.equal([]);
  });

  it("is refused to a node that its token is not for, whoever else is connected", async () => {
    rig.close();
    rig = await serviceRig({ sidecar: (node) => connected.get(node), joinedBy: ownToken });
    connected.set("planner/a", place("planner"));
    const { code, details } = await endOf(hold("planner/a", attach({ agent: "planner" })));
    expect(code).to.equal(status.PERMISSION_DENIED);
    expect(details).to.include("smartcall join agent planner");
  });

  it("is removed with the token that proved it, however many are", async () => {
    rig.close();
    rig = await serviceRig({ sidecar: (node) => connected.get(node), joinedBy: ownToken });
    const all = ["a", "b", "c", "d", "e"].map((instance, index) => {
      connected.set(`echo/${instance}`, place("echo", `10.0.0.${index}`));
      return hold(`echo/${instance}`, attach({ instance }));
    });
    await Promise.all(all.map(noticeOn));
    expect(instances()).to.have.length(5);
    const ended = Promise.all(all.map(endOf));
    rig.serving.withdraw(({ kind }) => kind === "agent");
    expect(instances()).to.deep.equal([]);
    expect((await ended).map(({ code }) => code)).to.deep.equal(
      all.map(() => status.UNAUTHENTICATED),
    );
    expect(rig.notes.at(-1)?.message).to.include("its join token has expired or was revoked");
  });

  it("is remembered with how it is reached", () => {
    const lease = {
      agent: "echo",
      instance: {
        id: "a",
        address: { kind: "ip", host: "fd00::1", port: 7 },
        reach: "sidecar",
        healthy: true,
        version: "",
        zone: "",
      },
      description: "",
      since: 0,
      hold: { kind: "held", holder: 1 },
    } as const;
    const parsed = parseLeases(printLeases(new Map([["echo/a", lease]])), 0);
    expect(parsed?.get("echo/a")?.instance).to.deep.equal(lease.instance);
  });

  const ownToken: JoinedBy = () => {
    const token = { id: "1", subject: "agent/echo", expires: new Date() };
    return { ok: true, proof: { kind: "agent", name: "echo", token } };
  };

  /** Lets messages come, and the time go on by a look at what is connected. */
  async function moving(looks: number): Promise<void> {
    for (let look = 0; look < looks; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      rig.clock.advance(25);
    }
  }
});

/** The bytes of a report whose sender says, as field 3 of `attach`, where it is. */
function withAddress(report: leasePb.LeaseReport): Buffer {
  const told = Buffer.from("127.0.0.1:9999");
  const attached = Buffer.concat([
    report.getAttach()?.serializeBinary() ?? Buffer.alloc(0),
    Buffer.from([0x1a, told.length]),
    told,
  ]);
  return Buffer.concat([Buffer.from([0x0a, attached.length]), attached]);
}
