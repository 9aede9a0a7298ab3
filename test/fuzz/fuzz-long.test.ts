// The full run of random requests: begins where no run has been, and says its seed.
import { randomInt } from "node:crypto";
import { expect } from "chai";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { processMarked } from "../harness/processes.ts";
import { fuzz } from "./fuzz.ts";

describe("Random requests, many", function () {
  this.timeout(1_800_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await startMesh({ services: ["echo"], listed: ["absent"] });
  });
  after(() => mesh?.stop());

  it("end in time and in no failure, and leave all processes as they were", async () => {
    const token = await mesh.token();
    const pids = [
      processMarked(mesh.mark, /envoy --config-path .*edge\.json/),
      processMarked(mesh.mark, /dist\/echo\.js/),
    ];
    const target = { port: mesh.port, ca: mesh.ca, token };
    for (let round = 0; round < 20; round++) {
      const seed = randomInt(2 ** 31);
      const found = await fuzz(target, { seed, count: 5_000, together: 50, pids });
      expect(found.wrong, `seed ${seed}`).to.deep.equal([]);
      if (round > 0) for (const size of found.grown) expect(size, "MB").to.be.lessThan(64);
    }
  });
});
