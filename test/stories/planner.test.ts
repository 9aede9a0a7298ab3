// The planner of docs/agents-call-agents.md, called by the commands there, with the real model.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { startChild } from "../harness/child.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { numberAt, textAt } from "../harness/json.ts";
import { linkModules } from "../harness/link-modules.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { expectInTime } from "../harness/promised.ts";
import { asking, callRest } from "../harness/rest.ts";
import { run, smartcallBin } from "../harness/smartcall.ts";

describe("the planner", function () {
  this.timeout(180_000);
  const guide = readFileSync(join(root, "docs", "agents-call-agents.md"), "utf8");
  const blocks = (language: string): readonly string[] =>
    [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
      ([, block = ""]) => block,
    );
  let mesh: Mesh;
  before(async () => {
    mesh = await startMesh({
      services: ["echo", "assistant", "planner"],
      said: { planner: callsOfTheRepository() },
    });
    linkModules(mesh.folder);
  });
  after(() => mesh?.stop());

  it("splits a task, asks at once, and gives one answer", async () => {
    const [command = ""] = blocks("sh");
    const { code, output } = await shell(`${command.trim()} --temperature 0 --max-tokens 40`);
    expect(code, output).to.equal(0);
    const [, asked = ""] = /^Asking (\d) at once:$/m.exec(output) ?? [];
    expect(Number(asked), output).to.be.within(2, 3);
    expect(output.match(/^Answer to \d: \S.*$/gm), output).to.have.length(Number(asked));
    const [, together = ""] = output.split("\nTogether:\n");
    expect(together.trim(), output).to.have.length.greaterThan(40);
  });

  it("follows a plan, and says which part is missing and what to write in mesh.yaml", async () => {
    const { code, output } = await shell(blocks("sh")[1] ?? "");
    expect(code, output).to.equal(0);
    // Each comes when it comes; npm may have lines of its own.
    const lines = (blocks("console")[1] ?? "").trim().split("\n");
    expect(output.split("\n")).to.include.members(lines);
    expect(output).to.match(/\n\nWithout 2:\nHello\n$/);
  });

  it("fails where every part does, with the reason of the first", async () => {
    const reply = await ask("poet: Hello\nlate: Hello");
    expect(reply.status, reply.text).to.equal(403);
    expect(textAt(reply.json, "error", "details", "0", "reason")).to.equal("AGENT_NOT_CALLABLE");
    expect(textAt(reply.json, "error", "message")).to.match(/^No question was answered: The agent/);
  });

  it("is charged for nothing that the assistant used", async () => {
    const reply = await ask("echo: Hello\nassistant: Name a river.");
    expect(reply.status, reply.text).to.equal(200);
    for (const count of ["inputTokens", "outputTokens"]) {
      expect(numberAt(reply.json, "usage", count)).to.equal(0);
    }
  });

  it("stops all that it asks at once when its caller leaves by Ctrl-C", async () => {
    const plan = "assistant: Tell a long story of a river.\n".repeat(3);
    const args = [smartcallBin, "call", "planner", plan];
    const call = startChild(process.execPath, args, { cwd: mesh.folder, env: mesh.env });
    await call.says("Asking 3 at once");
    // For the three to be there, and not so long that one has its whole story.
    await pause(1_000);
    const leftAt = Date.now();
    process.kill(call.pid, "SIGINT");
    expect((await call.ended).code).to.equal(130);
    // One was being answered, the others waited: the assistant answers one at a time.
    const times = await eventually(() => {
      const ended = cancelledAfter("assistant", leftAt);
      expect(ended).to.have.length(3);
      return ended;
    });
    expect(Math.min(...times)).to.be.at.least(leftAt);
    expectInTime("until all had stopped", Math.max(...times) - leftAt, stopsWithinMs);
  });

  const ask = async (text: string) =>
    callRest(mesh, {
      path: "/v1/agents/planner:invoke",
      token: await mesh.token(),
      body: asking(text),
    });
  const shell = (line: string) => run("sh", ["-c", line], { cwd: mesh.folder, env: mesh.env });
  /** When calls of an agent ended because their caller had left. */
  const cancelledAfter = (agent: string, afterMs: number): readonly number[] =>
    readFileSync(join(mesh.stateFolder, "logs", `${agent}.log`), "utf8")
      .split("\n")
      .filter((line) => line.includes("call ended") && line.includes("CANCELLED"))
      .map((line) => timeOf(JSON.parse(line)))
      .filter((time) => time >= afterMs);
});

/** How soon the assistant has stopped after Ctrl-C, the end of the command line included. */
const stopsWithinMs = 1_000;

function timeOf(line: unknown): number {
  return new Date(textAt(line, "time")).getTime();
}

/** What the repository's own `mesh.yaml` says of the planner. */
function callsOfTheRepository(): string {
  const [, said = ""] =
    /^ {2}planner: (.*)$/m.exec(readFileSync(join(root, "mesh.yaml"), "utf8")) ?? [];
  return said;
}
