// docs/write-an-agent.md, followed line by line.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import { linkModules } from "../harness/link-modules.ts";
import type { Mesh } from "../harness/mesh.ts";
import { expectInTime } from "../harness/promised.ts";
import { asking, callRest } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { run } from "../harness/smartcall.ts";

describe("writing an agent, by the guide", function () {
  this.timeout(90_000);
  let mesh: Mesh;
  let agent: Child | undefined;
  let saidBefore = 0;
  let commands: readonly string[] = [];

  before(async () => {
    commands = guideCommands();
    mesh = await sharedMesh();
    linkModules(mesh.folder);
  });
  after(async () => {
    if (agent !== undefined) await endGroup(agent);
  });

  it("the guide has the commands that this test runs", () => {
    expect(commands).to.include.members(["npx smartcall agent new poet", "cd poet", "npm start"]);
    expect(commands.some((command) => command.startsWith("npx smartcall call poet "))).to.equal(
      true,
    );
  });

  it("one command writes it and lists it in mesh.yaml", async () => {
    const { code, output } = await shell("npx smartcall agent new poet", mesh.folder);
    expect(code, output).to.equal(0);
    expect(readFileSync(mesh.meshFile, "utf8")).to.match(/^ {2}poet: \{\}$/m);
  });

  it("its own test passes", async () => {
    const { code, output } = await shell("npm test", join(mesh.folder, "poet"));
    expect(code, output).to.equal(0);
  });

  it("started, it is callable soon", async () => {
    saidBefore = mesh.up.output().length;
    const startedAt = performance.now();
    agent = startChild("npm", ["start"], { cwd: join(mesh.folder, "poet"), env: mesh.env });
    await eventually(async () => expect(await ask()).to.equal("You said: Hello"));
    expectInTime("until it is callable", performance.now() - startedAt, 2_000);
  });

  it("saved, it is callable in its new form soon, and nothing else restarts", async () => {
    const file = join(mesh.folder, "poet", "poet.ts");
    const source = readFileSync(file, "utf8");
    expect(source).to.contain("You said: ");
    writeFileSync(file, source.replace("You said: ", "Roses are red: "));
    const savedAt = performance.now();
    await eventually(async () => expect(await ask()).to.equal("Roses are red: Hello"));
    expectInTime("until its new form is", performance.now() - savedAt, 2_000);
    expect(mesh.up.output().slice(saidBefore)).to.equal("");
  });

  it("is called from the terminal as the guide says", async () => {
    const command = commands.find((one) => one.startsWith("npx smartcall call poet ")) ?? "";
    const { code, output } = await shell(command, mesh.folder);
    expect(code, output).to.equal(0);
    expect(output).to.contain("Roses are red: ");
  });

  async function ask(): Promise<string> {
    const token = await mesh.token();
    const call = { path: "/v1/agents/poet:invoke", token, body: asking("Hello") };
    const { json } = await callRest(mesh, call);
    return textAt(json, "message", "content");
  }

  function shell(line: string, cwd: string) {
    return run("sh", ["-c", line], { cwd, env: mesh.env });
  }
});

/** Every command of the guide's shell blocks. */
function guideCommands(): readonly string[] {
  const text = readFileSync(join(root, "docs", "write-an-agent.md"), "utf8");
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = ""]) => block.split("\n"))
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "");
}
