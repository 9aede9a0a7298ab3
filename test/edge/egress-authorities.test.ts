// Whom a sidecar believes about hosts whose authorities mesh.yaml does not name: those that its machine believes.
import { expect } from "chai";
import { makeIdentity } from "../harness/certificates.ts";
import { startEgressSidecar } from "./egress-sidecar.ts";
import { origin } from "./mesh-of.ts";
import { startProvider } from "./provider.ts";

describe("a sidecar's machine", function () {
  this.timeout(120_000);

  it("vouches for hosts by its own authorities, and for the name as they have it", async () => {
    const authority = await makeIdentity("authority", []);
    const provider = await startProvider(await makeIdentity("here", ["localhost"], authority));
    const wrong = await startProvider(await makeIdentity("there", ["other.example"], authority));
    const egress = [provider, wrong].map(({ port }, index) => {
      return { name: `host-${index}`, host: "localhost", port, timeoutMs: 10_000, origin };
    });
    const sidecar = await startEgressSidecar("planner", egress, { pem: authority.cert });
    try {
      expect((await fetch(`${sidecar.url}/host-0/v1/models`)).status).to.equal(200);
      expect((await fetch(`${sidecar.url}/host-1/v1/models`)).status).to.equal(503);
      expect(wrong.requests).to.deep.equal([]);
      expect(sidecar.refused).to.deep.equal([]);
    } finally {
      await sidecar.stop();
      await provider.stop();
      await wrong.stop();
    }
  });
});
