import { existsSync } from "node:fs";
import { expect } from "chai";
import { type Child, startChild } from "./child.ts";

describe("A program that leaves nothing behind", () => {
  const module = new URL(import.meta.url.replace(".test", "")).href;
  /** Starts one child as most are started, and one whose environment is empty, in a folder of its own. */
  const program = (then: string): string => `
    import { spawn } from "node:child_process";
    import { mkdtempSync } from "node:fs";
    import { tmpdir } from "node:os";
    import { join } from "node:path";
    const { leaveNothing } = await import(${JSON.stringify(module)});
    leaveNothing();
    const cwd = mkdtempSync(join(tmpdir(), "one-"));
    const children = [
      spawn("sleep", ["60"], { detached: true, stdio: "ignore" }),
      spawn("/bin/sleep", ["60"], { detached: true, stdio: "ignore", cwd, env: {} }),
    ];
    console.log("started " + JSON.stringify({ folder: tmpdir(), pids: children.map((each) => each.pid) }));
    ${then}
  `;
  const started = async (then: string): Promise<Child> => {
    const args = [...process.execArgv, "--input-type=module", "--eval", program(then)];
    const child = startChild(process.execPath, args, { cwd: process.cwd(), env: process.env });
    await child.says(/started .*\n/);
    return child;
  };
  const expectNothing = (child: Child): void => {
    const pids = /"pids":\[(\d+),(\d+)\]/.exec(child.output())?.slice(1) ?? [];
    expect(pids).to.have.lengthOf(2);
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).to.deep.equal([]);
    const folder = /"folder":"([^"]+)"/.exec(child.output())?.[1] ?? "/";
    expect(existsSync(folder)).to.equal(false);
  };

  it("ends all that it started at Ctrl-C, and says so by its exit code", async () => {
    const child = await started("await new Promise((done) => setTimeout(done, 60_000));");
    process.kill(child.pid, "SIGINT");
    expect((await child.ended).code).to.equal(130);
    expectNothing(child);
  });

  it("ends it also where it fails itself", async () => {
    const child = await started('throw new Error("no more");');
    expect((await child.ended).code).to.equal(1);
    expect(child.output()).to.contain("no more");
    expectNothing(child);
  });
});
