// The control plane dies under load and comes back; callers notice nothing.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { envoyStat } from "../harness/envoy-stats.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { listAt, textAt } from "../harness/json.ts";
import { startLoad } from "../harness/load.ts";
import type { Mesh } from "../harness/mesh.ts";
import { processMarked } from "../harness/processes.ts";
import { expectInTime } from "../harness/promised.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";

const program = /control-plane\/dist\/(bundle\/)?main\.js/;
const members = "cluster.echo.membership_total";

/** Looking takes from what the control plane needs to come back. */
const seldom = { everyMs: 100, withinMs: 25_000 } as const;

describe("the control plane, killed under load", function () {
  this.timeout(90_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
  });

  for (const time of ["once", "and once more"]) {
    it(`${time}, is back soon: no call fails, no endpoint leaves`, async () => {
      const held = await eventually(async () => {
        const count = await leases(mesh);
        expect(count).to.be.greaterThan(0);
        return count;
      }, seldom);
      const load = await startLoad(mesh, 60);
      await pause(500);
      const before = processMarked(mesh.mark, program);
      const counts = watch(() => envoyStat(mesh, members));
      process.kill(before, "SIGKILL");
      const killedAt = performance.now();
      await eventually(() => {
        expect(processMarked(mesh.mark, program)).to.not.equal(before);
      }, seldom);
      await eventually(async () => {
        expect((await fetch(`${mesh.admin}/readyz`)).status).to.equal(200);
      }, seldom);
      expectInTime("until it is back", performance.now() - killedAt, 5_000);
      await eventually(async () => expect(await leases(mesh)).to.equal(held), seldom);
      await pause(1000);
      const { calls, failures } = await load.stop();
      expect(failures).to.deep.equal([]);
      expect(calls).to.be.greaterThan(30);
      expect(await counts.stop()).to.deep.equal([1]);
      expect(await envoyStat(mesh, "listener_manager.listener_modified")).to.equal(0);
    });
  }

  it("remembers an agent that came after it was back, for the next time", async () => {
    const before = await eventually(async () => {
      const held = await instances(mesh);
      expect(held).to.not.be.empty;
      return held;
    });
    process.kill(processMarked(mesh.mark, /dist\/echo\.js/), "SIGTERM");
    await eventually(async () => {
      const held = await instances(mesh);
      expect(held).to.have.length(before.length).and.to.not.deep.equal(before);
    });
    await eventually(async () => {
      const remembered = readFileSync(join(mesh.stateFolder, "instances.json"), "utf8");
      for (const id of await instances(mesh)) expect(remembered).to.contain(id);
    });
  });
});

/** The ids of the instances that hold their lease. */
async function instances(mesh: Mesh): Promise<readonly string[]> {
  const page: unknown = await (await fetch(`${mesh.admin}/agents`)).json();
  return listAt(page, "agents")
    .filter((one) => textAt(one, "lease") === "held")
    .map((one) => textAt(one, "instance"));
}

/** How many instances hold their lease, as the operator's page says. */
async function leases(mesh: Mesh): Promise<number> {
  return (await instances(mesh)).length;
}

/** Every different value that was seen, in order. */
function watch(look: () => Promise<number>): { stop(): Promise<readonly number[]> } {
  const seen: number[] = [];
  let over = false;
  const watching = (async () => {
    while (!over) {
      const value = await look();
      if (seen.at(-1) !== value) seen.push(value);
      await pause(50);
    }
  })();
  return {
    stop: async () => {
      over = true;
      await watching;
      return seen;
    },
  };
}
