import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Death, type ProcessPlan, type Supervised, supervise } from "./supervised.ts";
import { until } from "./until.ts";

describe("a supervised process", () => {
  let folder: string;
  let deaths: Death[];
  let told: string[];
  let running: Supervised[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "supervised-"));
    deaths = [];
    told = [];
    running = [];
  });

  afterEach(async () => {
    for (const one of running) one.kill();
    await soon(() => running.every((one) => one.pid() === undefined));
    rmSync(folder, { recursive: true });
  });

  const plan = (program: string, endMs = 5_000): ProcessPlan => ({
    name: "poet",
    command: process.execPath,
    args: ["-e", program],
    cwd: folder,
    env: process.env,
    logFile: join(folder, "poet.log"),
    watchesUs: false,
    endMs,
  });
  const start = (what: ProcessPlan): Supervised => {
    const one = supervise(what, {
      died: (death) => deaths.push(death),
      told: (text) => told.push(text),
      served: ({ mesh, address, port }) => told.push(`${mesh} at ${address}:${port}`),
      holds: (names) => told.push(...names),
    });
    running.push(one);
    return one;
  };
  const log = (): string => readFileSync(join(folder, "poet.log"), "utf8");

  it("is started again after it died, with its last words told", async () => {
    const one = start(plan(`console.log("no rhyme"); ${live}`));
    one.keep();
    await soon(() => log().includes("no rhyme"));
    const first = one.pid();
    process.kill(first ?? 0, "SIGABRT");
    await soon(() => one.pid() !== undefined && one.pid() !== first);
    expect(deaths).to.deep.equal([
      {
        name: "poet",
        how: "signal SIGABRT",
        lastWords: "no rhyme",
        logFile: join(folder, "poet.log"),
        againInMs: 200,
      },
    ]);
    await soon(() => log() === "no rhyme\nno rhyme\n");
  });

  it("has no last words where it was killed: what it logged before was about something else", async () => {
    const one = start(plan(`console.log("no rhyme"); ${live}`));
    one.keep();
    await soon(() => log().includes("no rhyme"));
    process.kill(one.pid() ?? 0, "SIGKILL");
    await soon(() => deaths.length === 1);
    expect(deaths[0]).to.include({ how: "signal SIGKILL", lastWords: undefined });
  });

  it("passes on what it tells", async () => {
    const edge = '{ mesh: "demo", address: "127.0.0.1", port: 8443 }';
    const says = `process.send({ tell: "one\\ntwo" }); process.send({ edge: ${edge} });`;
    start({ ...plan(`${says} ${live}`), watchesUs: true });
    await soon(() => told.length === 2);
    expect(told).to.deep.equal(["one\ntwo", "demo at 127.0.0.1:8443"]);
  });

  it("waits longer from death to death", async () => {
    start(plan("setTimeout(() => process.exit(7), 30)")).keep();
    await soon(() => deaths.length >= 3);
    expect(deaths.map(({ how, againInMs }) => [how, againInMs]).slice(0, 3)).to.deep.equal([
      ["exit code 7", 200],
      ["exit code 7", 400],
      ["exit code 7", 800],
    ]);
  });

  it("is not started again before it is to be kept", async () => {
    const one = start(plan("process.exit(3)"));
    await soon(() => deaths.length === 1);
    expect(deaths[0]?.againInMs).to.equal(undefined);
    expect(one.pid()).to.equal(undefined);
  });

  it("is not started again where it says that a setting is wrong", async () => {
    const one = start(plan("setTimeout(() => process.exit(2), 30)"));
    one.keep();
    await soon(() => deaths.length === 1);
    expect(deaths[0]?.againInMs).to.equal(undefined);
  });

  it("is told of where its program is missing", async () => {
    start({ ...plan(""), command: join(folder, "missing") });
    await soon(() => deaths.length === 1);
    expect(deaths[0]?.how).to.include("ENOENT");
  });

  it("is told of where its log cannot be opened", () => {
    start({ ...plan(""), logFile: join(folder, "no", "poet.log") });
    expect(deaths[0]?.how).to.match(/^its log could not be opened \(ENOENT/);
  });

  it("is followed at once by another where it says that it leaves, and is awaited", async () => {
    const leaves = `process.send({ replaceable: true });
      setTimeout(() => { console.log("left"); process.exit(0); }, 600);`;
    const one = start({ ...plan(`${onTerm(leaves)} ${live}`), watchesUs: true });
    one.keep();
    await soon(() => log() === "up\n");
    const first = one.pid();
    process.kill(first ?? 0, "SIGTERM");
    await soon(() => log() === "up\nup\n");
    expect(one.pid()).to.not.equal(first);
    await one.stop();
    expect(log()).to.equal("up\nup\nleft\nleft\n");
    expect(deaths).to.deep.equal([]);
  });

  it("is asked to end, and is no death then", async () => {
    const one = start(plan(`${onTerm("console.log('bye'); process.exit(0)")} ${live}`));
    one.keep();
    await soon(() => log() === "up\n");
    await one.stop();
    expect(log()).to.equal("up\nbye\n");
    expect(deaths).to.deep.equal([]);
    expect(one.pid()).to.equal(undefined);
  });

  it("is killed where it does not end in time, and all that it started with it", async () => {
    const child = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(live)}]).pid`;
    const one = start(plan(`console.log(${child}); ${onTerm("")} ${live}`, 100));
    await soon(() => log().includes("up"));
    const grandchild = Number(log().split("\n")[0]);
    expect(isAlive(grandchild)).to.equal(true);
    await one.stop();
    await soon(() => !isAlive(grandchild));
  });

  it("does not come back where it is stopped between two starts", async () => {
    const one = start(plan("process.exit(1)"));
    one.keep();
    await soon(() => deaths.length === 1);
    await one.stop();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(deaths).to.have.length(1);
    expect(one.pid()).to.equal(undefined);
  });
});

const live = "setInterval(() => {}, 1000);";

function onTerm(work: string): string {
  return `process.on("SIGTERM", () => { ${work} }); console.log("up");`;
}

function isAlive(pid: number): boolean {
  try {
    // A zombie has ended, but nobody has asked how.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function soon(isSo: () => boolean): Promise<void> {
  const { signal } = new AbortController();
  const waited = await until(async () => isSo(), { limitMs: 8_000, signal, everyMs: 10 });
  expect(waited).to.equal("ready");
}
