// A real Envoy beside an agent that a test plays: its start, its deaths, its end.

import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { status } from "@grpc/grpc-js";
import { createLog, systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { holdLease, type Lease } from "../lease.ts";
import { eventually } from "../testing/eventually.ts";
import { type LeaseDesk, openLeaseDesk } from "../testing/lease-desk.ts";
import { type LogLines, logLines } from "../testing/log-lines.ts";
import { adminStatus } from "./admin-page.ts";
import { type RunningSidecar, type SidecarSettings, startSidecar } from "./start-sidecar.ts";

describe("a sidecar", function () {
  this.timeout(40_000);
  let root: string;
  let logged: LogLines;
  let desk: LeaseDesk;
  let sidecar: RunningSidecar | undefined;
  let lease: Lease | undefined;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "sidecar-"));
    writeFileSync(join(root, "join-token"), "s3cret\n");
    logged = logLines();
    desk = await openLeaseDesk(0, (held) => held.attached("demo"));
  });
  afterEach(async () => {
    lease?.close();
    await sidecar?.end();
    desk.kill();
    rmSync(root, { recursive: true });
  });

  const start = (settings: Partial<SidecarSettings> = {}) =>
    startSidecar({
      agent: "poet",
      instance: "poet-1",
      settings: {
        controlPlane: { host: "127.0.0.1", port: Number(desk.address.split(":")[1]) },
        trust: undefined,
        joinTokenFile: join(root, "join-token"),
        sidecar: undefined,
        envoyBin: undefined,
        stateFolder: root,
        zone: "",
        ...settings,
      },
      place: { cwd: root, path: process.env["PATH"], tmp: root },
      log: createLog("poet", "debug", logged),
      clock: systemClock,
      random: Math.random,
    });
  const started = async (): Promise<RunningSidecar> => {
    const running = await start();
    if (typeof running === "string") throw new Error(running);
    sidecar = running;
    return running;
  };
  const attach = (running: RunningSidecar): void => {
    lease = holdLease({
      sidecar: {
        lease: `unix:${running.folder.socket("lease")}`,
        ready: running.ready,
        distrusted: running.refreshToken,
        displaced: running.displaced,
        unreached: running.unreached,
      },
      elsewhere: false,
      controlPlane: desk.address,
      joinTokenPath: "",
      agent: "poet",
      instance: "poet-1",
      version: "",
      zone: "",
      description: "",
      labels: {},
      load: () => ({ running: 0, waiting: 0 }),
      log: createLog("poet", "debug", logged),
      clock: systemClock,
    });
  };
  const ready = (times: number) =>
    eventually("it is ready", () => pids(logged).length === times, 20_000);

  it("runs in a private folder by sockets there, and proves the agent's lease in its place", async () => {
    const running = await started();
    attach(running);
    await eventually("the agent attaches", () => desk.leases[0] !== undefined, 20_000);
    expect(desk.leases[0]?.token).to.equal("Bearer s3cret");
    const { path } = running.folder;
    expect(statSync(path).mode & 0o777).to.equal(0o700);
    expect(await adminStatus(running.folder.socket("admin"), "/ready")).to.equal(200);
    expect(await adminStatus(running.folder.socket("admin"), "/quitquitquit")).to.equal(403);
    await eventually("the token is gone", () => !existsSync(join(path, "bootstrap.json")));
    for (const file of ["admin.sock", "lease.sock"]) {
      expect(statSync(join(path, file)).mode & 0o777, file).to.equal(0o600);
    }
    expect(logged.text()).not.to.include("s3cret");
    await running.end();
    sidecar = undefined;
    expect(existsSync(path)).to.equal(false);
  });

  it("takes another port where its own turns out to be another's, and says so", async () => {
    desk.kill();
    let times = 0;
    desk = await openLeaseDesk(0, (held) => {
      times += 1;
      if (times === 1) held.refuse(status.ALREADY_EXISTS, "taken");
      else held.attached("demo");
    });
    const running = await started();
    const { inboundPort: first } = running;
    attach(running);
    await eventually("the agent attaches", () => times === 2, 20_000);
    expect(running.inboundPort).to.not.equal(first);
    expect(logged.text()).to.include(
      `another process listens at ${first}, the port of the sidecar`,
    );
    await ready(2);
  });

  it("lets the stream of a lease go on beyond Envoy's own limit of a call", async () => {
    attach(await started());
    await eventually("the agent attaches", () => desk.leases[0] !== undefined, 20_000);
    // Where a route has no limit of its own, Envoy's is 15 seconds.
    await sleep(16_000);
    lease?.setServing(false);
    await eventually("a later report arrives", () => desk.leases[0]?.reports.length === 2);
    expect(desk.leases).to.have.length(1);
  });

  it("gives up the lease of an agent that is stopped and answers nothing, long before a call would end", async () => {
    const running = await started();
    await ready(1);
    const agent = startAgent(running.folder.socket("lease"));
    try {
      await eventually("the agent attaches", () => desk.leases[0] !== undefined, 20_000);
      // Longer than one that answers nothing has.
      await sleep(5_000);
      expect(desk.leases[0]?.ended).to.equal(false);
      agent.kill("SIGSTOP");
      const from = performance.now();
      await eventually("its lease is lost", () => desk.leases[0]?.ended === true, 14_000);
      expect(performance.now() - from).to.be.below(12_000);
    } finally {
      agent.kill("SIGKILL");
    }
  });

  it("is started again when it is killed, at the same ports, and the agent attaches again", async () => {
    const running = await started();
    attach(running);
    await ready(1);
    await eventually("the agent attaches", () => desk.leases[0] !== undefined);
    process.kill(pids(logged)[0] ?? Number.NaN, "SIGKILL");
    await ready(2);
    await eventually("the agent attaches again", () => desk.leases[1] !== undefined);
    expect(logged.text()).to.include("it is started again");
    expect(existsSync(join(running.folder.path, "bootstrap.json"))).to.equal(false);
  });

  it("is given another join token, once there is another one", async () => {
    const running = await started();
    await ready(1);
    running.refreshToken();
    // A restart for nothing would be seen well before: a sidecar is ready within a second or two.
    await sleep(4_000);
    expect(pids(logged)).to.have.length(1);
    process.kill(pids(logged)[0] ?? Number.NaN, 0);
    writeFileSync(join(root, "join-token"), "another");
    running.refreshToken();
    await ready(2);
    attach(running);
    await eventually("the agent attaches", () => desk.leases[0] !== undefined);
    expect(desk.leases[0]?.token).to.equal("Bearer another");
    expect(logged.text()).to.not.include("it is started again");
  });

  it("is killed where it does not end once there is another join token", async () => {
    const running = await started();
    await ready(1);
    process.kill(pids(logged)[0] ?? Number.NaN, "SIGSTOP");
    writeFileSync(join(root, "join-token"), "another");
    running.refreshToken();
    await ready(2);
  });

  it("waits as after its first death where what came before were starts that were asked for", async () => {
    const running = await started();
    await ready(1);
    for (const count of [2, 3, 4]) {
      writeFileSync(join(root, "join-token"), `token-${count}`);
      running.refreshToken();
      await ready(count);
    }
    process.kill(pids(logged).at(-1) ?? Number.NaN, "SIGKILL");
    await ready(5);
    const deaths = logged.saying("the sidecar has ended; it is started again");
    expect(deaths.map(({ againInMs }) => againInMs)).to.deep.equal([200]);
  });

  it("waits for a join token that is not there yet, and says so once", async () => {
    rmSync(join(root, "join-token"));
    await started();
    await eventually("it says so", () => logged.text().includes("there is no join token"));
    await sleep(1500);
    expect(logged.text().split("there is no join token")).to.have.length(2);
    writeFileSync(join(root, "join-token"), "late");
    await ready(1);
  });

  it("says in a sentence why it cannot be started, and leaves nothing", async () => {
    const before = readdirSync(root);
    const envoyBin = join(root, "join-token");
    expect(await start({ envoyBin })).to.match(/^ENVOY_BIN is .*: point it at an Envoy/);
    const far = { host: "mesh.example.com", port: 1 };
    expect(await start({ controlPlane: far })).to.include("set SMARTCALL_CA");
    expect(readdirSync(root)).to.deep.equal(before);
  });

  it("is told where other machines reach it", async () => {
    rmSync(join(root, "join-token"));
    const running = await start({ sidecar: { host: "10.0.0.7", port: 0 } });
    if (typeof running === "string") throw new Error(running);
    sidecar = running;
    writeFileSync(join(root, "join-token"), "late");
    const file = join(running.folder.path, "bootstrap.json");
    await eventually("its bootstrap is there", () => existsSync(file));
    const told = readFileSync(file, "utf8");
    expect(told).to.include('"inbound_host": "10.0.0.7"');
    expect(told).to.include(`"inbound_port": ${running.inboundPort}`);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });
});

/** A process of its own that holds a lease by a socket, and does nothing else. */
function startAgent(socket: string): ChildProcess {
  const script = `
    import { credentials } from "@grpc/grpc-js";
    import { LeaseServiceClient, leasePb } from "@smartcall/protos";
    const attach = new leasePb.Attach();
    attach.setAgent("poet");
    const report = new leasePb.LeaseReport();
    report.setAttach(attach);
    new LeaseServiceClient("unix:${socket}", credentials.createInsecure()).hold().write(report);
  `;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: "inherit",
  });
}

/** Of the sidecars that were ready, in their order. */
function pids(logged: LogLines): readonly number[] {
  return logged.saying("the sidecar is ready").map(({ pid }) => Number(pid));
}
