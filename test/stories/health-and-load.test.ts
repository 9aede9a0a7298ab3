// What an agent says of itself while it runs: that it cannot answer, and how much it has to do.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { attachAgent } from "../harness/attach-agent.ts";
import { type Child, endGroup } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { smartcall } from "../harness/smartcall.ts";

describe("an instance that says how it is", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  let one: Child;
  let two: Child;
  before(async () => {
    mesh = await startMesh({ listed: ["moody"] });
    one = attachAgent(mesh, "moody");
    two = attachAgent(mesh, "moody");
    await answeredBy(one, two);
  });
  after(async () => {
    await Promise.all([one, two].map((each) => endGroup(each)));
    await mesh.stop();
  });

  const ask = async (text = "who"): Promise<RestReply> =>
    callRest(mesh, {
      path: "/v1/agents/moody:invoke",
      token: await mesh.token(),
      body: asking(text),
    });
  /** Who answers the next twenty calls, one after another; none may fail. */
  const answers = async (): Promise<readonly string[]> => {
    const pids = new Set<string>();
    for (let call = 0; call < 20; call += 1) {
      const { json, status, text } = await ask();
      expect(status, text).to.equal(200);
      pids.add(textAt(json, "message", "content"));
    }
    return [...pids].sort();
  };
  const answeredBy = (...instances: readonly Child[]): Promise<void> =>
    eventually(
      async () => {
        expect(await answers()).to.deep.equal(instances.map(({ pid }) => `${pid}`).sort());
      },
      { withinMs: 20_000 },
    );
  /** The rows of `smartcall agents` that are of the agent. */
  const shown = async (): Promise<readonly string[]> => {
    const { code, output } = await smartcall(["agents"], { cwd: mesh.folder, env: mesh.env });
    expect(code, output).to.equal(0);
    const rows = output.split("\n").filter((line) => line.startsWith("moody "));
    expect(rows, output).to.have.length(2);
    return rows;
  };
  /** Of each instance, the calls that run and those that wait: the column before the labels. */
  const load = async (): Promise<readonly (readonly number[])[]> =>
    (await shown()).map((row) => {
      const [, running, waiting = 0] = / {2}(\d+)(?:, (\d+) wait)? +–$/.exec(row.trimEnd()) ?? [];
      return [Number(running), Number(waiting)];
    });

  it("gets no calls while it says that it does not serve, and comes back once it does", async () => {
    process.kill(one.pid, "SIGUSR2");
    await answeredBy(two);
    expect((await shown()).filter((line) => / no calls /.test(line))).to.have.length(1);
    // It holds: the twenty calls again, and none reaches it.
    expect(await answers()).to.deep.equal([`${two.pid}`]);
    process.kill(two.pid, "SIGUSR2");
    await eventually(async () => {
      const reply = await ask();
      expect(reply.status, reply.text).to.equal(503);
      expect(textAt(reply.json, "error", "details", "0", "reason")).to.equal("AGENT_UNAVAILABLE");
    });
    for (const { pid } of [one, two]) process.kill(pid, "SIGUSR2");
    await eventually(async () => expect((await ask()).status).to.equal(200));
    await answeredBy(one, two);
  });

  it("is shown to operators with the calls that it runs, and those that wait", async () => {
    const file = join(mesh.folder, "over");
    const calls = Array.from({ length: 5 }, () => ask(`until ${file}`));
    try {
      await eventually(async () => {
        const [[first = 0, firstWaiting = 0] = [], [second = 0, secondWaiting = 0] = []] =
          await load();
        // One call at a time: so they may have both one, or one of them all.
        expect([first, second].sort()).to.be.deep.oneOf([
          [0, 1],
          [1, 1],
        ]);
        expect(first + second + firstWaiting + secondWaiting).to.equal(5);
      });
    } finally {
      writeFileSync(file, "");
    }
    for (const { status, text } of await Promise.all(calls)) expect(status, text).to.equal(200);
    await eventually(async () =>
      expect(await load()).to.deep.equal([
        [0, 0],
        [0, 0],
      ]),
    );
  });
});
