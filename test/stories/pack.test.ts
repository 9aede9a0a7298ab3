// The tarballs of `make pack` work where nothing else of ours is.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { run } from "../harness/smartcall.ts";

const quietly = "--no-audit --no-fund --prefer-offline";

describe("what make pack builds", function () {
  this.timeout(180_000);
  let folder: string;
  const ours = /^(SMARTCALL_|ENVOY_BIN$|npm_)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  const shell = (line: string) => run("sh", ["-c", line], { cwd: folder, env });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-pack-"));
    const packed = await run("make", ["pack"], { cwd: root, env });
    expect(packed.code, packed.output).to.equal(0);
    const tarballs = readdirSync(join(root, "build")).filter((name) => name.endsWith(".tgz"));
    const paths = tarballs.map((name) => join(root, "build", name)).join(" ");
    writeFileSync(join(folder, "package.json"), '{"type":"module","private":true}');
    const installed = await shell(`npm install ${quietly} ${paths}`);
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

  it("has a command line that writes an agent, and the agent's own test passes", async () => {
    const written = await shell("npx smartcall agent new rhymer");
    expect(written.code, written.output).to.equal(0);
    const steps = [...written.output.matchAll(/^ {2}(cd rhymer|npm install|npm test)/gm)];
    const line = steps.map(([step]) => step.trim()).join(" && ");
    expect(line).to.equal("cd rhymer && npm install && npm test");
    const tested = await shell(line.replace("install", `install ${quietly}`));
    expect(tested.code, tested.output).to.equal(0);
    expect(tested.output).to.match(/pass 1\n/);
  });

  it("names no door of the repository where that is not there", async () => {
    const nobody = await shell("npx smartcall call rhymer Hello");
    expect(nobody.code).to.equal(3);
    expect(nobody.output).to.contain("npx smartcall up");
    const noEnvoy = await shell("PATH=$(dirname $(command -v node)):/bin npx smartcall up");
    expect(noEnvoy.code).to.equal(1);
    expect(noEnvoy.output).to.contain("ENVOY_BIN");
    expect(nobody.output + noEnvoy.output).not.to.match(/make (up|build)/);
  });

  it("holds no tests and nothing of the build's own", async () => {
    const { output } = await shell(
      "find node_modules/@smartcall -name '*.test.*' -o -name '*.tsbuildinfo' -o -name '*.map' -o -name testing",
    );
    expect(output).to.equal("");
  });

  it("has a licence and a page of its own in each", async () => {
    const licence = readFileSync(join(root, "LICENSE"), "utf8");
    const packages = join(folder, "node_modules", "@smartcall");
    expect(readdirSync(packages)).to.have.length(8);
    for (const name of readdirSync(packages)) {
      expect(readFileSync(join(packages, name, "LICENSE"), "utf8"), name).to.equal(licence);
      const page = readFileSync(join(packages, name, "README.md"), "utf8");
      expect(page).to.match(new RegExp(`^# @smartcall/${name}\n`));
    }
  });
});
