import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { kill, program, type RunningMesh, soon, startMesh } from "../up/testing/running-mesh.ts";

describe("smartcall call", function () {
  this.timeout(60_000);
  let agent: string;
  let mesh: RunningMesh;

  before(async () => {
    // Node finds the kit in the folders above.
    agent = mkdtempSync(fileURLToPath(new URL("../../../dist/slow-", import.meta.url)));
    writeFileSync(join(agent, "package.json"), '{"name":"slow","type":"module","main":"slow.js"}');
    writeFileSync(join(agent, "slow.js"), slow);
    mesh = await startMesh(undefined, { SMARTCALL_AGENTS: agent });
    await mesh.said("Stop ");
  });

  after(async () => {
    await mesh.remove();
    rmSync(agent, { recursive: true });
  });

  const call = (text: string, ...more: readonly string[]): Called => start(mesh, [text, ...more]);

  it("shows the answer as it comes, and cancels the call at Ctrl-C", async () => {
    const called = call("on and on");
    await called.said("tick tick");
    called.child.kill("SIGINT");
    expect(await called.ended).to.equal(130);
    expect(called.err()).to.equal("smartcall: Cancelled.\n");
    const log = join(mesh.folder, ".smartcall", "logs", "slow.log");
    await soon(
      () => readFileSync(log, "utf8").includes("CANCELLED"),
      () => "the agent was not told",
    );
  });

  it("fails where the agent fails on the way, and says why", async () => {
    const called = call("fail");
    expect(await called.ended).to.equal(1);
    expect(called.out()).to.equal("tick \n");
    expect(called.err()).to.match(/^smartcall: The ink is dry\. \(/);
  });

  it("prints an error's event too, for scripts", async () => {
    const called = call("fail", "--json");
    expect(await called.ended).to.equal(1);
    const events = called.out().trim().split("\n");
    const last: unknown = JSON.parse(events.at(-1) ?? "");
    expect(last).to.have.nested.property("error.message", "The ink is dry.");
  });

  it("fails where the stream breaks off", async () => {
    const called = call("on and on");
    await called.said("tick");
    kill(pidOfAgent(mesh));
    expect(await called.ended).to.equal(1);
    expect(called.err()).to.equal(
      "smartcall: The stream broke off: what came is only a part of the answer.\n",
    );
  });

  it("is refused with a token that is none", async () => {
    const called = call("Hello", "--token", "none");
    expect(await called.ended).to.equal(1);
    expect(called.err()).to.match(/HTTP 401, \w+, request [\w-]+/);
  });
});

const kit = "@smartcall/agent-kit";
const slow = `
import { setTimeout } from "node:timers/promises";
import { agentError, delta, serveAgent } from "${kit}";
serveAgent({
  name: "slow",
  async *stream(call) {
    for (;;) {
      yield delta("tick ");
      if (call.lastUserText === "fail") throw agentError("RESOURCE_EXHAUSTED", "The ink is dry.");
      await setTimeout(50, undefined, { signal: call.signal });
    }
  },
});
`;

interface Called {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  said(words: string): Promise<void>;
  readonly ended: Promise<number | null>;
}

function start({ folder, env }: RunningMesh, args: readonly string[]): Called {
  const child = spawn(process.execPath, [program, "call", "slow", ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    text.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    text.err += chunk.toString();
  });
  return {
    child,
    out: () => text.out,
    err: () => text.err,
    said: (words) =>
      soon(
        () => text.out.includes(words),
        () => `"${words}" was not said in: ${text.out} ${text.err}`,
      ),
    ended: once(child, "close").then(() => child.exitCode),
  };
}

function pidOfAgent(mesh: RunningMesh): number {
  const command = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, "utf8");
  return mesh.processes().find((pid) => command(pid).includes("slow.js")) ?? 0;
}
