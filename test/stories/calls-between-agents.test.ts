// The planner of docs/write-an-agent.md, in a mesh where each agent has its sidecar.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { linkModules } from "../harness/link-modules.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { smartcall } from "../harness/smartcall.ts";

describe("an agent that calls another, by the guide", function () {
  this.timeout(90_000);
  let mesh: Mesh;
  let agent: Child | undefined;

  before(async () => {
    mesh = await startMesh({ services: ["echo"], listed: ["planner"] });
    linkModules(mesh.folder);
    const folder = join(mesh.folder, "planner");
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "planner.ts"), guideProgram());
    agent = startChild(process.execPath, ["--import", "tsx", "planner.ts"], {
      cwd: folder,
      env: { ...mesh.env, SMARTCALL_LABELS: "rack=7" },
    });
    await agent.says("attached to the mesh");
  });
  after(async () => {
    if (agent !== undefined) await endGroup(agent);
    await mesh.stop();
  });

  it("is refused while mesh.yaml does not name the other one, with the line to write", async () => {
    const { code, output } = await call();
    expect(code).to.equal(1);
    expect(output).to.include("AGENT_NOT_CALLABLE").and.include("planner: { calls: [echo] }");
  });

  it("calls it once mesh.yaml does, and passes its answer on", async () => {
    const text = readFileSync(mesh.meshFile, "utf8");
    writeFileSync(mesh.meshFile, text.replace("planner: {}", "planner: { calls: [echo] }"));
    await eventually(async () => {
      expect((await call()).output.trim()).to.equal("A plan for tea, step by step");
    });
  });

  it("is shown to operators with its labels, and whom it calls", async () => {
    const { output } = await smartcall(["agents"], { cwd: mesh.folder, env: mesh.env });
    expect(output)
      .to.match(/^planner .* rack=7$/m)
      .and.include("planner calls echo.");
  });

  it("is callable again a moment after its sidecar was killed", async () => {
    process.kill(sidecarOf(started(agent)), "SIGKILL");
    await started(agent).says("it is started again");
    await eventually(async () => expect((await call()).code).to.equal(0));
  });

  it("takes its sidecar along when it ends, and its folder", async () => {
    const [, folder = ""] = /"unix:(.+?)\/agent\.sock"/.exec(started(agent).output()) ?? [];
    expect(existsSync(folder)).to.equal(true);
    const sidecar = sidecarOf(started(agent));
    process.kill(started(agent).pid, "SIGTERM");
    expect((await started(agent).ended).code).to.equal(0);
    expect(existsSync(folder)).to.equal(false);
    expect(existsSync(`/proc/${sidecar}`)).to.equal(false);
  });

  function call() {
    return smartcall(["call", "planner", "tea"], { cwd: mesh.folder, env: mesh.env });
  }
});

function started(child: Child | undefined): Child {
  if (child === undefined) throw new Error("the agent was not started");
  return child;
}

/** The Envoy among the processes that an agent has started. */
function sidecarOf({ pid }: Child): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const found = children.find((child) =>
    readFileSync(`/proc/${child}/cmdline`, "utf8").includes("bootstrap.json"),
  );
  return Number(found);
}

/** The guide's program that calls another agent. */
function guideProgram(): string {
  const guide = readFileSync(join(root, "docs", "write-an-agent.md"), "utf8");
  const blocks = [...guide.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
  const program = blocks.find((block) => block.includes('name: "planner"'));
  if (program === undefined) throw new Error("the guide has no planner");
  return program;
}
