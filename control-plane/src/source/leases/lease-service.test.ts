// Leases over a real gRPC connection.

import { status } from "@grpc/grpc-js";
import { leasePb } from "@smartcall/protos";
import { expect } from "chai";
import { ackMs, silenceMs } from "./hold-lease.ts";
import {
  attach,
  drain,
  endOf,
  healthReport,
  noticeOn,
  type ServiceRig,
  serviceRig,
} from "./service-rig.test.ts";

describe("the lease service", () => {
  let rig: ServiceRig;

  beforeEach(async () => {
    rig = await serviceRig();
  });
  afterEach(() => rig.close());

  it("turns away who does not have the join token, whatever it says", async () => {
    for (const stream of [rig.hold("wrong"), rig.client.hold()]) {
      stream.on("error", () => undefined);
      const ended = endOf(stream);
      stream.write(attach());
      expect(await ended).to.include({ code: status.UNAUTHENTICATED });
    }
    expect(rig.table.instances().size).to.equal(0);
  });

  it("says attached once every gateway has the endpoint, and not before", async () => {
    let gatewaysHaveIt = (): void => undefined;
    rig.acked = () =>
      new Promise((resolve) => {
        gatewaysHaveIt = resolve;
      });
    const stream = rig.hold();
    const notices: leasePb.LeaseNotice[] = [];
    stream.on("data", (notice: leasePb.LeaseNotice) => notices.push(notice));
    stream.write(attach());
    await rig.nextChange();
    expect(rig.health()).to.deep.equal([true]);
    // One more round trip on the same connection: nothing was sent meanwhile.
    await endOf(rig.hold("wrong"));
    expect(notices).to.deep.equal([]);
    const notice = noticeOn(stream);
    gatewaysHaveIt();
    expect((await notice).getAttached()?.getMesh()).to.equal("demo");
  });

  it("tells the instance regardless when a gateway takes too long, and says so", async () => {
    rig.acked = () => new Promise(() => undefined);
    const stream = rig.hold();
    const notice = noticeOn(stream);
    stream.write(attach());
    await rig.nextChange();
    rig.clock.advance(ackMs);
    expect((await notice).hasAttached()).to.equal(true);
    expect(rig.notes.map(({ level, instance }) => [level, instance])).to.deep.equal([
      ["error", "a"],
    ]);
  });

  it("says drained once no gateway has the endpoint, and takes the end as no loss", async () => {
    const stream = rig.hold();
    const attached = noticeOn(stream);
    stream.write(attach());
    await attached;
    const drained = noticeOn(stream);
    stream.write(drain());
    expect((await drained).hasDrained()).to.equal(true);
    expect(rig.table.instances().size).to.equal(0);
    const ended = endOf(stream);
    stream.end();
    expect(await ended).to.include({ code: status.OK });
    expect(rig.table.instances().size).to.equal(0);
  });

  it("still says drained to an instance that has stopped talking", async () => {
    const stream = rig.hold();
    const notices: leasePb.LeaseNotice[] = [];
    stream.on("data", (notice: leasePb.LeaseNotice) => notices.push(notice));
    const ended = endOf(stream);
    stream.write(attach());
    stream.write(drain());
    stream.end();
    expect(await ended).to.include({ code: status.OK });
    expect(notices.at(-1)?.hasDrained()).to.equal(true);
  });

  it("takes the instance's word for its health", async () => {
    const stream = rig.hold();
    stream.write(attach());
    await rig.nextChange();
    stream.write(healthReport(false));
    await rig.nextChange();
    expect(rig.health()).to.deep.equal([false]);
    stream.write(healthReport(true));
    await rig.nextChange();
    expect(rig.health()).to.deep.equal([true]);
  });

  const refused: readonly [string, leasePb.LeaseReport, status, string][] = [
    ["health before attach", healthReport(true), status.INVALID_ARGUMENT, "first report"],
    ["an empty report", new leasePb.LeaseReport(), status.INVALID_ARGUMENT, "exactly one of"],
    ["no agent", attach({ agent: "" }), status.INVALID_ARGUMENT, "attach.agent is required"],
  ];
  for (const [name, report, code, words] of refused) {
    it(`refuses ${name} with a reason`, async () => {
      const stream = rig.hold();
      const ended = endOf(stream);
      stream.write(report);
      const { code: got, details } = await ended;
      expect(got).to.equal(code);
      expect(details).to.include(words);
      expect(rig.table.instances().size).to.equal(0);
      expect(rig.notes.map(({ level }) => level)).to.deep.equal(["warn"]);
    });
  }

  it("a second attach on one stream ends it, and that lease is lost", async () => {
    const stream = rig.hold();
    const ended = endOf(stream);
    stream.write(attach());
    stream.write(attach());
    expect(await ended).to.include({ code: status.INVALID_ARGUMENT });
    expect(rig.health()).to.deep.equal([false]);
  });

  it("A94 a bad registration leaves the others alone", async () => {
    const good = rig.hold();
    good.write(attach());
    await rig.nextChange();
    const bad = rig.hold();
    const ended = endOf(bad);
    bad.write(attach({ instance: "b" }));
    expect(await ended).to.include({ code: status.ALREADY_EXISTS });
    expect(rig.health()).to.deep.equal([true]);
  });

  it("a stream that says nothing is ended after a while", async () => {
    const stream = rig.hold();
    const ended = endOf(stream);
    // The server has the call once its answer to another on the same connection is here.
    await endOf(rig.hold("wrong"));
    rig.clock.advance(silenceMs);
    expect(await ended).to.include({ code: status.INVALID_ARGUMENT });
  });

  it("an agent that mesh.yaml lists no longer is told so", async () => {
    const stream = rig.hold();
    const ended = endOf(stream);
    stream.write(attach());
    await rig.nextChange();
    rig.table.list(new Set());
    const { code, details } = await ended;
    expect(code).to.equal(status.FAILED_PRECONDITION);
    expect(details).to.include("echo: {}");
  });

  it("the end of the control plane ends streams, and is no loss of a lease", async () => {
    const stream = rig.hold();
    const ended = endOf(stream);
    stream.write(attach());
    await rig.nextChange();
    rig.serving.close();
    expect(await ended).to.include({ code: status.UNAVAILABLE });
    expect(rig.health()).to.deep.equal([true]);
    expect(await endOf(rig.hold())).to.include({ code: status.UNAVAILABLE });
  });
});
