// docs/identity.md, followed line by line.
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parseMesh } from "@smartcall/control-plane/dist/config/index.js";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { run } from "../harness/smartcall.ts";

const guide = readFileSync(join(root, "docs", "identity.md"), "utf8");

/** Commands with what they print, in which `…` stands for any text. */
const steps = [...guide.matchAll(/^```console\n([\s\S]*?)^```/gm)].flatMap(([, session = ""]) =>
  session
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = "", ...output] = step.trimEnd().split("\n");
      return { command, output: output.join("\n") };
    }),
);

describe("identity, by the guide", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let shown: readonly string[] = [];

  before(async () => {
    mesh = await startMesh();
    symlinkSync(join(root, "node_modules"), join(mesh.folder, "node_modules"));
    // In one shell, which keeps the key from one command to the next.
    const script = steps.map(({ command }) => `${command}\necho; echo ${mark}`).join("\n");
    const env = { ...mesh.env, npm_config_loglevel: "silent" };
    const here = script.replaceAll("https://localhost:8443", mesh.url);
    const { output } = await run("sh", ["-c", `exec 2>&1\n${here}`], { cwd: mesh.folder, env });
    shown = output.split(`${mark}\n`);
  });
  after(() => mesh.stop());

  it("shows a mesh that is as it must be", () => {
    const [, text = ""] = /^```yaml\n# mesh\.yaml\n([\s\S]*?)^```/m.exec(guide) ?? [];
    const parsed = parseMesh([{ name: "mesh.yaml", text }]);
    expect(parsed.ok, JSON.stringify(parsed)).to.equal(true);
  });

  it("shows each command that it speaks of", () => {
    expect(steps).to.have.length(8);
  });

  for (const [index, { command, output }] of steps.entries()) {
    it(`answers as shown: ${command.slice(0, 50)}`, () => {
      expect(shown[index]?.trim()).to.match(patternOf(output));
    });
  }
});

const mark = "-- next --";

function patternOf(output: string): RegExp {
  const literal = output.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("…", "[^]*").replaceAll(/ {2,}/g, " +")}$`);
}
