import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { MeshProcesses } from "./mesh-processes.ts";
import type { Part } from "./start-steps.ts";
import type { Terminal } from "./terminal.ts";
import { until } from "./until.ts";

describe("the processes of a mesh", () => {
  let folder: string;
  let said: string[];
  let mesh: MeshProcesses;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "processes-"));
    said = [];
    mesh = new MeshProcesses(screen(said), ({ port }) => said.push(`at ${port}`));
  });

  afterEach(() => {
    mesh.kill();
    rmSync(folder, { recursive: true });
  });

  const part = (name: string, program: string, limitMs = 8_000): Part => ({
    plan: {
      name,
      command: process.execPath,
      args: ["-e", program],
      cwd: folder,
      env: process.env,
      logFile: join(folder, `${name}.log`),
      watchesUs: true,
      endMs: 5_000,
    },
    at: "here",
    ends: ["control plane", "Envoy"].indexOf(name) + (name === "echo" ? 3 : 0),
    isReady: async () => readFileSync(join(folder, `${name}.log`), "utf8").includes("up"),
    limitMs,
  });
  const ends = (name: string): string => `
    process.on("SIGTERM", () => {
      require("node:fs").appendFileSync("order", ${JSON.stringify(`${name} `)});
      process.exit(0);
    });
    setInterval(() => {}, 1000);
    console.log("up");`;

  it("are said to be ready one by one, and end with the agents first and the control plane last", async () => {
    expect(await mesh.start([part("control plane", ends("control-plane"))])).to.equal(undefined);
    const rest = [part("Envoy", ends("Envoy")), part("echo", ends("echo"))];
    expect(await mesh.start(rest)).to.equal(undefined);
    expect(said[0]).to.equal("good control plane  here");
    expect(said).to.have.length(3);
    await mesh.stop();
    expect(readFileSync(join(folder, "order"), "utf8")).to.equal("echo Envoy control-plane ");
  });

  it("end the start with one sentence where one dies, and leave the others to be stopped", async () => {
    const dies = part("echo", 'console.log("Error: no port"); process.exit(1);');
    const problem = await mesh.start([part("control plane", ends("control-plane")), dies]);
    const log = join(folder, "echo.log");
    expect(problem).to.equal(`echo did not start (exit code 1): Error: no port. Its log: ${log}`);
    await mesh.stop();
  });

  it("end the start with one sentence where one is not ready in time", async () => {
    const late = part("echo", "setInterval(() => {}, 1000)", 200);
    expect(await mesh.start([late])).to.equal(
      `echo was not ready within 0.2 s: see ${join(folder, "echo.log")}.`,
    );
    await mesh.stop();
  });

  it("end the start soon where one has said why another is not ready", async () => {
    const says = 'console.log("up"); process.send({ tell: "line 3 is refused", stuck: true });';
    await mesh.start([part("control plane", `${says} setInterval(() => {}, 1000)`)]);
    const problem = await mesh.start([part("Envoy", "setInterval(() => {}, 1000)", 60_000)]);
    expect(problem).to.equal("Envoy is not ready, and above is why.");
    expect(said.join()).to.contain("line 3 is refused");
    await mesh.stop();
  });

  it("are not kept where one died once it was ready", async () => {
    const dies = 'console.log("up"); setTimeout(() => process.exit(1), 300);';
    expect(await mesh.start([part("echo", dies)])).to.equal(undefined);
    const problem = await mesh.start([part("Envoy", "setInterval(() => {}, 1000)")]);
    expect(problem).to.match(/^echo did not start \(exit code 1\)/);
    expect(mesh.keep()).to.equal(problem);
  });

  it("are told of in one line where one finds a setting wrong, and is not started again", async () => {
    await mesh.start([part("echo", `${ends("echo")} setTimeout(() => process.exit(2), 300);`)]);
    mesh.keep();
    const { signal } = new AbortController();
    await until(async () => said.length > 1, { limitMs: 8_000, signal });
    expect(said[1]).to.match(/^bad echo died \(exit code 2\).*not started again\. Its log: /);
    await mesh.stop();
  });

  it("are told of in one line when one dies later, and started again", async () => {
    await mesh.start([part("echo", `${ends("echo")} setTimeout(() => process.exit(4), 300);`)]);
    mesh.keep();
    const { signal } = new AbortController();
    await until(async () => said.length > 1, { limitMs: 8_000, signal });
    expect(said[1]).to.match(
      /^bad echo died \(exit code 4\).*starting it again in 0\.2 s\. Its log: /,
    );
    await mesh.stop();
  });

  it("are named while they are awaited, also one that leaves and is followed by another", async () => {
    const log = (): string => readFileSync(join(folder, "echo.log"), "utf8");
    const leaves = `
      const { existsSync } = require("node:fs");
      const second = existsSync("first");
      require("node:fs").writeFileSync("first", "");
      process.on("SIGTERM", () => {
        if (second) process.exit(0);
        process.send({ replaceable: true });
        setInterval(() => existsSync("go") && process.exit(0), 20);
      });
      setInterval(() => {}, 1000);
      console.log("up " + process.pid);`;
    await mesh.start([part("echo", leaves)]);
    mesh.keep();
    process.kill(Number(/up (\d+)/.exec(log())?.[1]), "SIGTERM");
    const { signal } = new AbortController();
    const followed = async (): Promise<boolean> => log().split("up ").length === 3;
    expect(await until(followed, { limitMs: 8_000, signal })).to.equal("ready");
    const stopped = mesh.stop();
    expect(await until(async () => said.length > 1, { limitMs: 8_000, signal })).to.equal("ready");
    expect(said[1]).to.match(/^Waiting until echo ended/);
    writeFileSync(join(folder, "go"), "");
    await stopped;
  });
});

function screen(said: string[]): Terminal {
  return {
    say: (line) => said.push(line),
    good: (line) => said.push(`good ${line}`),
    bad: (line) => said.push(`bad ${line}`),
    dim: (text) => text,
    bold: (text) => text,
    red: (text) => text,
    yellow: (text) => text,
  };
}
