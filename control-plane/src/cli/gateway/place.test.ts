import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { Run } from "@smartcall/runtime";
import { expect } from "chai";
import { findPlace } from "./place.ts";

const run: Run = {
  pid: 1,
  mesh: "demo",
  meshFile: "/mesh.yaml",
  url: "https://localhost:8443",
  controlPlane: "127.0.0.1:1",
  admin: "127.0.0.1:2",
  envoyAdmin: "127.0.0.1:3",
  ca: "/ca.pem",
};

describe("the place of one more gateway", () => {
  let taken: Server;
  let port = 0;

  before(async () => {
    taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  after(() => taken.close());

  it("is the first free port after the mesh's own", async () => {
    const found = await findPlace({ ...run, url: `https://localhost:${port - 1}` }, undefined);
    expect(found.ok && found.place.port).to.be.greaterThan(port);
  });

  it("is by the name that the edge's certificate is for, wherever that leads", async () => {
    const moved = { url: `https://mesh.example.com:${port}`, connectTo: `127.0.0.1:${port}` };
    const found = await findPlace({ ...run, ...moved }, undefined);
    if (!found.ok) return expect.fail(found.problem);
    const { connectTo, port: own, url } = found.place;
    expect(own).to.be.greaterThan(port);
    expect(url).to.equal(`https://mesh.example.com:${own}`);
    expect(connectTo).to.equal(`127.0.0.1:${own}`);
  });

  it("is not at a port that is taken", async () => {
    const found = await findPlace(run, port);
    expect(found).to.have.property("ok", false);
    expect(found)
      .to.have.property("problem")
      .that.matches(new RegExp(`^Port ${port}, for HTTPS, is used by .*: end it, or name another`));
  });
});
