// The operator's pages, beside a mesh that runs.
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { listAt, textAt, valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";

describe("the operator's pages", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
  });

  it("say that the control plane lives and is ready", async () => {
    for (const page of ["/healthz", "/readyz"]) {
      expect((await fetch(`${mesh.admin}${page}`)).status, page).to.equal(200);
    }
  });

  it("show what each node was sent of each type, and that it took it", async () => {
    // What another story has saved last may be on its way yet.
    await eventually(async () => {
      const page: unknown = await (await fetch(`${mesh.admin}/nodes`)).json();
      const streams = listAt(page, "nodes").flatMap((node) => listAt(node, "streams"));
      const clusters = streams.map((each) => textAt(each, "cluster"));
      expect(clusters).to.include.members(["agent/assistant", "agent/echo", "gateway"]);
      const stream = streams[clusters.indexOf("gateway")];
      expect(textAt(stream, "envoyVersion")).to.match(/1\.40/);
      for (const type of ["cluster", "endpoint", "listener", "route", "secret", "extension"]) {
        const row = valueAt(stream, "types", type);
        expect(textAt(row, "state"), `${type}: ${JSON.stringify(row)}`).to.equal("SYNCED");
        expect(textAt(row, "ackedVersion")).to.equal(textAt(row, "sentVersion"));
      }
    });
  });

  it("list the instances that run, with their leases", async () => {
    const page: unknown = await (await fetch(`${mesh.admin}/agents`)).json();
    const instances = listAt(page, "agents").map(
      (one) => `${textAt(one, "agent")} ${textAt(one, "lease")} ${String(valueAt(one, "healthy"))}`,
    );
    expect(instances).to.include.members(["assistant held true", "echo held true"]);
  });

  it("give Prometheus its numbers", async () => {
    const text = await (await fetch(`${mesh.admin}/metrics`)).text();
    expect(text).to.match(/^smartcall_xds_streams [1-9]\d*$/m);
    expect(text).to.match(/^process_cpu_seconds_total /m);
  });

  it("hold no secret", async () => {
    for (const page of ["/nodes", "/agents", "/metrics"]) {
      const text = await (await fetch(`${mesh.admin}${page}`)).text();
      expect(text, page).to.not.match(/PRIVATE KEY|Bearer [A-Za-z0-9]/);
    }
  });
});
