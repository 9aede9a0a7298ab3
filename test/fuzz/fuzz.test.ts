// A short run of random requests; `fuzz-long.test.ts` is the full one.
import { expect } from "chai";
import type { Mesh } from "../harness/mesh.ts";
import { processMarked } from "../harness/processes.ts";
import { asking, callRest } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { fuzz } from "./fuzz.ts";

describe("Random requests", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
  });

  it("end in time and in no failure, and leave the gateway and the agent as they were", async () => {
    const token = await mesh.token();
    const seed = 20_230_000;
    const pids = [
      processMarked(mesh.mark, /envoy --config-path .*edge\.json/),
      processMarked(mesh.mark, /dist\/echo\.js/),
    ];
    const found = await fuzz(
      { port: mesh.port, ca: mesh.ca, token },
      { seed, count: 900, together: 30, pids },
    );
    expect(found.wrong).to.deep.equal([]);
    // They are no requests that are all refused at the door, nor all taken.
    expect(found.statuses.get(200)).to.be.greaterThan(50);
    expect(found.statuses.get(400)).to.be.greaterThan(50);
    for (const megabytes of found.grown) expect(megabytes).to.be.lessThan(64);
    const reply = await callRest(mesh, {
      path: "/v1/agents/echo:invoke",
      token,
      body: asking("hello"),
    });
    expect(reply.status).to.equal(200);
  });
});
