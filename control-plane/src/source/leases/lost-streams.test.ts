// Every way in which an instance can be gone without a word.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { attach, type Hold, type ServiceRig, serviceRig } from "./service-rig.test.ts";

describe("the stream of a lease", () => {
  let rig: ServiceRig;

  beforeEach(async () => {
    rig = await serviceRig();
  });
  afterEach(() => rig.close());

  for (const [name, end] of Object.entries({
    ends: (stream: Hold) => stream.end(),
    "is cancelled": (stream: Hold) => stream.cancel(),
  })) {
    it(`that ${name} is a lost lease`, async () => {
      const stream = rig.hold();
      stream.write(attach());
      await rig.nextChange();
      const lost = rig.nextChange();
      end(stream);
      await lost;
      expect(rig.health()).to.deep.equal([false]);
    });
  }

  it("of an instance that is killed is lost at once", async function () {
    this.timeout(15_000);
    const attached = rig.nextChange();
    const instance = startInstance(rig.port);
    try {
      await attached;
      expect(rig.health()).to.deep.equal([true]);
      const lost = rig.nextChange();
      const from = performance.now();
      instance.kill("SIGKILL");
      await lost;
      expect(performance.now() - from).to.be.below(4_000);
      expect(rig.health()).to.deep.equal([false]);
    } finally {
      instance.kill("SIGKILL");
    }
  });
});

/** A process that attaches to the mesh, and then does nothing. */
function startInstance(port: number): ChildProcess {
  const script = `
    import { credentials, Metadata } from "@grpc/grpc-js";
    import { LeaseServiceClient, leasePb } from "@smartcall/protos";
    const attach = new leasePb.Attach();
    attach.setAgent("echo");
    attach.setInstance("a");
    const report = new leasePb.LeaseReport();
    report.setAttach(attach);
    const metadata = new Metadata();
    metadata.set("authorization", "Bearer secret");
    metadata.set("smartcall-node", "echo/a");
    const client = new LeaseServiceClient("127.0.0.1:${port}", credentials.createInsecure());
    client.hold(metadata).write(report);
  `;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: "inherit",
  });
}
