// The mesh that docs/sidecars.md shows, and each line of who may call whom in it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type GrpcReply, invokeGrpc, saying } from "../harness/grpc.ts";
import { reasonOf } from "../harness/grpc-reason.ts";
import { invokeAs } from "./callers.ts";
import { describedBy } from "./described-by.ts";
import { type SidecarMesh, startSidecarMesh } from "./mesh.ts";

const page = readFileSync(join(root, "docs", "sidecars.md"), "utf8");
const [, text = ""] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];

describe("docs/sidecars.md", function () {
  this.timeout(120_000);
  let mesh: SidecarMesh;
  before(async () => {
    mesh = await startSidecarMesh(await describedBy(text));
  });
  after(async () => {
    await mesh.stop();
    expect(mesh.refused).to.deep.equal([]);
  });

  const rows = [...page.matchAll(/^\| (a caller|\w+) \| (\w+) \| (taken|[A-Z_]+) \|$/gm)];
  it("has such lines", () => {
    expect(rows).to.have.length(8);
  });
  for (const [, from = "", agent = "", outcome] of rows) {
    it(`says of ${from} that calls ${agent}: ${outcome}`, async () => {
      const call = { agent, token: mesh.token(), request: saying("hello") };
      const reply: GrpcReply =
        from === "a caller" ? await invokeGrpc(mesh, call) : await invokeAs(mesh, from, call);
      expect(reply.ok ? "taken" : reasonOf(reply.error)).to.equal(outcome);
    });
  }
});
