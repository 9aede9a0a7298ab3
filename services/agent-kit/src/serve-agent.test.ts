// A whole agent process: it starts, joins, drains and ends.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { AgentServiceClient } from "@smartcall/protos";
import { expect } from "chai";
import { readAll, userSays } from "./testing/ask-wire.ts";
import { eventually } from "./testing/eventually.ts";
import { type LeaseDesk, openLeaseDesk } from "./testing/lease-desk.ts";
import { logLines } from "./testing/log-lines.ts";

describe("an agent's process", function () {
  this.timeout(20_000);
  let state: string;
  let desk: LeaseDesk;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    state = mkdtempSync(join(tmpdir(), "smartcall-agent-"));
    writeFileSync(join(state, "join-token"), "secret\n");
    desk = await openLeaseDesk(0, (lease) => lease.attached("demo"));
  });
  afterEach(() => {
    child?.kill("SIGKILL");
    desk.kill();
    rmSync(state, { recursive: true });
  });

  const start = (env: Readonly<Record<string, string>> = {}) => {
    // From the sources it runs through tsx, from what was built without.
    const extension = extname(import.meta.filename);
    const program = join(import.meta.dirname, "testing", `served-process${extension}`);
    const loader = extension === ".ts" ? ["--import=tsx"] : [];
    const started = spawn(process.execPath, [...loader, program], {
      env: {
        ...process.env,
        SMARTCALL_STATE: state,
        SMARTCALL_CONTROL_PLANE: desk.address,
        SMARTCALL_ZONE: "b",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    const out = logLines();
    const told: string[] = [];
    let rest = "";
    started.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      // A sidecar that finds its agent gone at its start says so in plain words.
      for (const line of lines) if (line.startsWith("{")) out.write(line);
    });
    started.stderr.setEncoding("utf8").on("data", (text: string) => told.push(text));
    // Its output is whole then, and its sidecar's.
    const ended = once(started, "close").then(([code]: (number | null)[]) => code);
    return { child: started, out, errors: () => told.join(""), ended };
  };
  const listening = async (out: ReturnType<typeof logLines>) => {
    await eventually("it listens", () => out.saying("listening").length === 1, 10_000);
    const [line] = out.saying("listening");
    const { address, metrics } = line ?? {};
    return { address: String(address), metrics: String(metrics) };
  };

  it("joins the mesh, answers, shows metrics, and on SIGTERM drains before it ends", async () => {
    const { child, out, ended } = start();
    const { address, metrics } = await listening(out);
    await eventually("it attaches", () => desk.leases[0]?.reports.length === 1);
    expect(desk.leases[0]?.reports[0]).to.equal("attach poet 2 b");
    const client = new AgentServiceClient(address, credentials.createInsecure());
    const stream = client.stream(userSays("1500"));
    const told = readAll(stream);
    await once(stream, "data");
    child.kill("SIGTERM");
    await eventually("it asks to be drained", () => desk.leases[0]?.reports.at(-1) === "drain");
    expect(await readAll(client.stream(userSays("0")))).to.include('"two"');
    desk.leases[0]?.drained();
    expect(await told).to.deep.equal(['"one "', '"two"', "done stop", "status OK"]);
    client.close();
    expect(await ended).to.equal(0);
    expect(out.saying("stopped")).to.have.length(1);
    expect(out.saying("call ended")).to.have.length(2);
    expect(metrics).to.match(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  });

  it("serves what it counts", async () => {
    const { out } = start();
    const { address, metrics } = await listening(out);
    const client = new AgentServiceClient(address, credentials.createInsecure());
    await readAll(client.stream(userSays("0")));
    client.close();
    const page = await fetch(metrics);
    const text = await page.text();
    expect(text).to.include(
      'smartcall_agent_calls_total{method="stream",code="OK",agent="poet"} 1',
    );
    expect(text).to.include("process_resident_memory_bytes");
    expect((await fetch(new URL("/", metrics))).status).to.equal(404);
  });

  it("ends within its time though a call never does and no control plane is left", async () => {
    const { child, out, ended } = start();
    const { address } = await listening(out);
    await eventually("it attaches", () => desk.leases[0]?.reports.length === 1);
    const client = new AgentServiceClient(address, credentials.createInsecure());
    const stream = client.stream(userSays("600000"));
    const told = readAll(stream);
    await once(stream, "data");
    desk.kill();
    child.kill("SIGINT");
    expect(await told).to.deep.equal(['"one "', "error UNAVAILABLE", "status OK"]);
    client.close();
    expect(await ended).to.equal(0);
    expect(out.saying("ends without the mesh knowing")).to.have.length(1);
  });

  it("leaves nothing behind when it ends, and what it leaves when killed goes with the next start", async () => {
    const first = start({ TMPDIR: state });
    const { address } = await listening(first.out);
    const folder = dirname(address.slice("unix:".length));
    expect(readdirSync(folder)).to.include("agent.sock");
    first.child.kill("SIGKILL");
    await first.ended;
    expect(existsSync(folder)).to.equal(true);
    const next = start({ TMPDIR: state });
    await listening(next.out);
    await eventually("it attaches", () => desk.leases[0]?.reports.length === 1);
    expect(existsSync(folder)).to.equal(false);
    desk.leases[0]?.drained();
    next.child.kill("SIGTERM");
    await eventually("it asks to be drained", () => desk.leases[0]?.reports.at(-1) === "drain");
    desk.leases[0]?.drained();
    expect(await next.ended).to.equal(0);
    expect(readdirSync(state).filter((name) => name.startsWith("smartcall-"))).to.deep.equal([]);
  });

  it("ends with 1 and one sentence where there is no Envoy", async () => {
    const { errors, ended } = start({ ENVOY_BIN: "/nowhere/envoy" });
    expect(await ended).to.equal(1);
    expect(errors()).to.match(/^ENVOY_BIN is \/nowhere\/envoy, .+: point it at .+\.\n$/);
  });

  it("says every bad setting at once, and ends with 2", async () => {
    const { errors, ended } = start({
      SMARTCALL_CONTROL_PLANE: "nowhere",
      SMARTCALL_LOG_LEVEL: "loud",
      AGENT_NAME: "Poet!",
    });
    expect(await ended).to.equal(2);
    expect(errors()).to.include("SMARTCALL_CONTROL_PLANE");
    expect(errors()).to.include("SMARTCALL_LOG_LEVEL");
    expect(errors()).to.include('"Poet!"');
  });

  it("ends with 1 and says why where the agent cannot start", async () => {
    const { out, ended } = start({ AGENT_FAILS: "start" });
    expect(await ended).to.equal(1);
    expect(out.saying("the agent cannot start")).to.have.length(1);
    expect(out.text()).to.include("no model");
  });

  it("ends with 1 and says so at an exception outside of any call", async () => {
    const { out, ended } = start({ AGENT_FAILS: "call" });
    const { address } = await listening(out);
    const client = new AgentServiceClient(address, credentials.createInsecure());
    await readAll(client.stream(userSays("0")));
    client.close();
    expect(await ended).to.equal(1);
    expect(out.saying("a bug: the process ends")).to.have.length(1);
  });
});
