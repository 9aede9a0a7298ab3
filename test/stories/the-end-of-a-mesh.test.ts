// However a mesh ends, it leaves nothing running behind.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Child, startChild } from "../harness/child.ts";
import { type MeshPlace, prepareMesh, removePlace, startMesh, startUp } from "../harness/mesh.ts";
import { noneMarked } from "../harness/processes.ts";
import { expectInTime } from "../harness/promised.ts";
import { smartcall, smartcallBin } from "../harness/smartcall.ts";

describe("the end of a mesh", function () {
  this.timeout(60_000);

  it("by SIGTERM leaves no process behind, its ports free, and nobody to call", async () => {
    const mesh = await startMesh();
    const begun = performance.now();
    process.kill(mesh.up.pid, "SIGTERM");
    expect((await mesh.up.ended).code).to.equal(0);
    expectInTime("until it had ended", performance.now() - begun, 5_000);
    await nothingLeft(mesh);
    for (const name of ["run.json", "up.lock"]) {
      expect(existsSync(join(mesh.stateFolder, name)), name).to.equal(false);
    }
    expect(await exitCodeOfCall(mesh)).to.equal(3);
    await mesh.stop();
  });

  for (const signal of ["SIGINT", "SIGHUP"] as const) {
    it(`by ${signal} leaves no process behind, even while it starts`, async () => {
      const place = await prepareMesh();
      const up = startUp(place);
      await up.says("Starting");
      process.kill(up.pid, signal);
      expect((await up.ended).code).to.equal(0);
      await nothingLeft(place);
      removePlace(place);
    });
  }

  it("by kill -9 leaves no process behind either, and the next start is over what is left", async () => {
    const mesh = await startMesh();
    process.kill(mesh.up.pid, "SIGKILL");
    await noneMarked(mesh.mark);
    expect(await exitCodeOfCall(mesh)).to.equal(3);
    const again = startUp(mesh);
    await again.says("is up at");
    process.kill(again.pid, "SIGINT");
    expect((await again.ended).code).to.equal(0);
    await mesh.stop();
  });

  it("by the death of the process that started it leaves no process behind", async () => {
    const program = `const { spawn } = require("node:child_process");
      spawn(process.execPath, [${JSON.stringify(smartcallBin)}, "up"], { stdio: "inherit" });
      setInterval(() => {}, 1000);`;
    await endsWith((place) =>
      startChild(process.execPath, ["-e", program], { cwd: root, env: place.env }),
    );
  });

  it("by the end of its terminal leaves no process behind, though the session's leader stays", async () => {
    const line = `trap '' HUP; '${process.execPath}' '${smartcallBin}' up; true`;
    await endsWith((place) =>
      startChild("script", ["-qefc", line, "/dev/null"], { cwd: root, env: place.env }),
    );
  });
});

/** What is started brings up a mesh, is killed, and nothing of the mesh is left. */
async function endsWith(start: (place: MeshPlace) => Child): Promise<void> {
  const place = await prepareMesh();
  const parent = start(place);
  await parent.says(/Stop +Ctrl-C/);
  process.kill(parent.pid, "SIGKILL");
  await noneMarked(place.mark);
  removePlace(place);
}

/** Once `up` has ended, all that it started has. */
async function nothingLeft({ mark }: MeshPlace): Promise<void> {
  const since = performance.now();
  await noneMarked(mark);
  expectInTime("until nothing of it was left", performance.now() - since, 500);
}

async function exitCodeOfCall({ folder, env }: MeshPlace): Promise<number | null> {
  return (await smartcall(["call", "echo", "Hello"], { cwd: folder, env })).code;
}
