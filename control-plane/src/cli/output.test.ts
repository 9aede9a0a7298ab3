import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { printLastGood } from "../state/index.ts";
import { runProgram } from "./run-program.test.ts";

const program = fileURLToPath(new URL("../../bin/smartcall.js", import.meta.url));
const good = "mesh: demo\nagents: { echo: {} }\n";

describe("what a command prints", function () {
  this.timeout(20_000);
  let cwd: string;

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "output-"));
    writeFileSync(join(cwd, "mesh.yaml"), good);
  });

  afterEach(() => rmSync(cwd, { recursive: true }));

  it("fails where it cannot all be written, so that no script takes half of it for the whole", () => {
    for (const command of ["render", "routes"]) {
      const full = openSync("/dev/full", "w");
      const { status, stderr } = spawnSync(process.execPath, [program, command], {
        cwd,
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      });
      expect(status, command).to.equal(1);
      expect(stderr).to.match(/^smartcall: What was printed could not all be written: ENOSPC/);
    }
  });

  it("is a token also while the file is broken, for whoever mends it", async () => {
    const state = join(cwd, ".smartcall");
    mkdirSync(join(state, "last-good"), { recursive: true });
    const file = join(cwd, "mesh.yaml");
    const kept = { files: [{ name: file, text: good }], hash: "", at: new Date() };
    writeFileSync(join(state, "last-good", "mesh.json"), printLastGood(kept));
    writeFileSync(file, "mesh: demo\nagents: [\n");
    const { code, out } = await runProgram(["token"], { cwd, env: { SMARTCALL_STATE: state } });
    expect(code).to.equal(0);
    const [, claims = ""] = out.split(".");
    expect(Buffer.from(claims, "base64url").toString()).to.include('"iss":"smartcall:demo"');
  });
});
