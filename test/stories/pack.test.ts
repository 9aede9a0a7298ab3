// The tarballs of `make pack` work where nothing else of ours is.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { run } from "../harness/smartcall.ts";

describe("what make pack builds", function () {
  this.timeout(180_000);
  let folder: string;
  const { PATH, HOME } = process.env;
  const env = { ...process.env, PATH, HOME };
  const shell = (line: string) => run("sh", ["-c", line], { cwd: folder, env });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-pack-"));
    const packed = await run("make", ["pack"], { cwd: root, env });
    expect(packed.code, packed.output).to.equal(0);
    const tarballs = readdirSync(join(root, "build")).filter((name) => name.endsWith(".tgz"));
    const paths = tarballs.map((name) => join(root, "build", name)).join(" ");
    writeFileSync(join(folder, "package.json"), '{"type":"module","private":true}');
    const installed = await shell(`npm install --no-audit --no-fund --prefer-offline ${paths}`);
    expect(installed.code, installed.output).to.equal(0);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("has a command line that validates a mesh", async () => {
    writeFileSync(join(folder, "mesh.yaml"), "mesh: test\nagents: { echo: {} }\n");
    const { code, output } = await shell("npx smartcall validate");
    expect(code, output).to.equal(0);
  });

  it("has a kit that an agent is written and tested with", async () => {
    const program = `
      import { delta, testAgent } from "@smartcall/agent-kit";
      const poet = { name: "poet", async *stream(call) { yield delta(call.lastUserText + "!"); } };
      const agent = testAgent(poet);
      const { text } = await agent.invoke("Hello");
      await agent.close();
      console.log(text);
    `;
    writeFileSync(join(folder, "poet.mjs"), program);
    expect(await shell("node poet.mjs")).to.deep.equal({ code: 0, output: "Hello!\n" });
  });

  it("holds no tests and nothing of the build's own", async () => {
    const { output } = await shell(
      "find node_modules/@smartcall -name '*.test.*' -o -name '*.tsbuildinfo'",
    );
    expect(output).to.equal("");
  });
});
