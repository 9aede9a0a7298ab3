// Floods of leases and reports, and reports that make no sense, over a real connection.

import { Metadata, status } from "@grpc/grpc-js";
import { type leasePb, leaseService } from "@smartcall/protos";
import { expect } from "chai";
import fc from "fast-check";
import { joinedByToken, type NodeProof, ownRates } from "../../state/index.ts";
import { reportRate } from "./hold-lease.ts";
import { createReportReader } from "./read-report.ts";
import {
  attach,
  endOf,
  healthReport,
  noticeOn,
  type ServiceRig,
  serviceRig,
} from "./service-rig.test.ts";

describe("floods of leases", () => {
  let rig: ServiceRig;
  afterEach(() => rig.close());

  it("are refused with RESOURCE_EXHAUSTED; strangers use up nothing, and who holds one keeps it", async () => {
    rig = await serviceRig({ streamRate: { perSecond: 1, burst: 2 } });
    for (let stranger = 0; stranger < 5; stranger++) {
      expect(await endOf(rig.hold("wrong"))).to.include({ code: status.UNAUTHENTICATED });
    }
    const good = rig.hold();
    const notice = noticeOn(good);
    good.write(attach());
    await notice;
    rig.hold();
    expect(await endOf(rig.hold())).to.include({ code: status.RESOURCE_EXHAUSTED });
    expect(rig.health()).to.deep.equal([true]);
  });

  it("of one agent's token are refused to it alone", async () => {
    const own = joinedByToken("secret");
    const token = { id: "t", subject: "agent/poet", expires: new Date(8.64e15) };
    const proof: NodeProof = { kind: "agent", name: "poet", token };
    rig = await serviceRig({
      joinedBy: (shown, peer) => (shown === "Bearer poet" ? { ok: true, proof } : own(shown, peer)),
    });
    const flood = Array.from({ length: ownRates.agent.burst }, () => rig.hold("poet"));
    expect(await endOf(rig.hold("poet"))).to.include({ code: status.RESOURCE_EXHAUSTED });
    const good = rig.hold();
    const notice = noticeOn(good);
    good.write(attach());
    await notice;
    expect(rig.health()).to.deep.equal([true]);
    for (const stream of flood) stream.cancel();
  });

  it("of reports end the stream with RESOURCE_EXHAUSTED", async () => {
    rig = await serviceRig();
    const stream = rig.hold();
    const notice = noticeOn(stream);
    stream.write(attach());
    await notice;
    const ended = endOf(stream);
    for (let report = 0; report <= reportRate.burst; report++) {
      stream.write(healthReport(report % 2 === 0));
    }
    expect(await ended).to.include({ code: status.RESOURCE_EXHAUSTED });
  });
});

describe("bytes that claim to be a report", () => {
  it("are refused where a text in them is not UTF-8", async () => {
    const rig = await serviceRig();
    try {
      const report = Buffer.from(attach().serializeBinary());
      // It begins a character of three bytes, which do not follow.
      report.set([0xed], report.indexOf("echo"));
      const metadata = new Metadata();
      metadata.set("authorization", "Bearer secret");
      metadata.set("smartcall-node", "echo/a");
      const { path, responseDeserialize } = leaseService.hold;
      const stream = rig.client.makeBidiStreamRequest(
        path,
        (bytes: Buffer) => bytes,
        responseDeserialize,
        metadata,
      );
      stream.on("error", () => undefined);
      stream.on("data", () => undefined);
      const ended = new Promise((resolve) => stream.once("status", resolve));
      stream.write(report);
      expect(await ended)
        .to.have.property("code")
        .that.is.oneOf([status.INTERNAL, status.INVALID_ARGUMENT]);
    } finally {
      rig.close();
    }
  });

  it("are a registration, a change, a refusal, or no message; never anything else", () => {
    const reader = createReportReader();
    const address = { kind: "ip", host: "127.0.0.1", port: 7001 } as const;
    const valid = attach().serializeBinary();
    const cut = fc.nat(valid.length).map((length) => valid.slice(0, length));
    const flipped = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255))).map((flips) => {
      const bytes = Uint8Array.from(valid);
      for (const [at, value] of flips) bytes[at] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), cut, flipped), (bytes) => {
        let report: leasePb.LeaseReport;
        try {
          report = leaseService.hold.requestDeserialize(Buffer.from(bytes));
        } catch {
          return;
        }
        for (const read of [reader.readAttach(report, address), reader.readChange(report)]) {
          if ("code" in read) expect(read.message).to.be.a("string");
          else expect(read).to.be.an("object");
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
