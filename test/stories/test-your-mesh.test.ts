// docs/test-your-mesh.md, followed line by line.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { run } from "../harness/smartcall.ts";

describe("testing a mesh, by the guide", function () {
  this.timeout(30_000);
  const guide = readFileSync(join(root, "docs", "test-your-mesh.md"), "utf8");
  let folder = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-test-"));
    // The guide is followed in a clone of this project, where these are installed.
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const [, text = ""] of guide.matchAll(/^```yaml\n([\s\S]*?)^```/gm)) {
      const [, name = ""] = /^# (\S+)\n/.exec(text) ?? [];
      writeFileSync(join(folder, name), text);
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  const sessions = [...guide.matchAll(/^```console\n\$ (.+)\n([\s\S]*?)^```/gm)];

  it("shows both what passes and what does not", () => {
    expect(sessions.map(([, command]) => command)).to.deep.equal([
      "npx smartcall test mesh.yaml",
      "npx smartcall test mesh.yaml --cases wrong.test.yaml",
    ]);
  });

  for (const [, command = "", output = ""] of sessions) {
    it(`answers as shown: ${command}`, async () => {
      const ended = await run("sh", ["-c", command], { cwd: folder, env: withoutOurs() });
      expect(timeless(ended.output)).to.equal(timeless(output));
      expect(ended.code).to.equal(output.includes(" 0 failed") ? 0 : 1);
    });
  }
});

/** What was printed, but for how long it took. */
function timeless(output: string): string {
  return output.replace(/\(\d+\.\d s\)/, "(0.0 s)");
}

function withoutOurs(): NodeJS.ProcessEnv {
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith("SMARTCALL_"));
  // npm may have something to say about its own settings.
  return { ...Object.fromEntries(env), npm_config_loglevel: "silent" };
}
