// How long a WebSocket lives: no turn is cut by the end of a process, and none outlives its token.
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { attachAgent, callable } from "../harness/attach-agent.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { textAt, valueAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { freePorts } from "../harness/ports.ts";
import { processesMarked } from "../harness/processes.ts";
import { smartcall, smartcallBin } from "../harness/smartcall.ts";
import { isLast, openSocket, type TestSocket, turnOf } from "../harness/socket.ts";

/** Seven seconds: longer than any process is given to end that lets nothing end. */
const long = { text: "70 every 100", events: 71 };
const endless = "600 every 100";

describe("the life of a WebSocket", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let ticker: Child;
  let token: string;
  before(async () => {
    mesh = await startMesh({ services: [], listed: ["ticker"] });
    ticker = attachAgent(mesh, "ticker");
    await callable(mesh, "ticker", "1 every 0");
    token = await mesh.token();
  });
  after(async () => {
    await endGroup(ticker);
    await mesh.stop();
  });

  const open = (options: { readonly token?: string; readonly url?: string } = {}) =>
    openSocket({ ...mesh, ...options }, { agent: "ticker", token, ...options });
  const realtimes = (): readonly number[] =>
    processesMarked(mesh.mark)
      .filter(({ command }) => command.includes("realtime"))
      .map(({ pid }) => pid);
  const shortToken = async (seconds: number): Promise<string> => {
    const args = ["token", "--lifetime", `${seconds}s`];
    const { code, output } = await smartcall(args, { cwd: mesh.folder, env: mesh.env });
    expect(code, output).to.equal(0);
    return output.trim();
  };
  const begin = async (socket: TestSocket, text: string): Promise<void> => {
    socket.send(turnOf("c", text));
    await socket.awaits(({ type }) => type === "event");
  };
  const expectWhole = (socket: TestSocket): void => {
    const events = socket.events("c");
    expect(events.map(({ sequence }) => sequence)).to.deep.equal(
      Array.from({ length: long.events }, (_, index) => index + 1),
    );
    expect(valueAt(events.at(-1), "done", "finishReason")).to.equal("stop");
  };

  it("goes on to the end of its turn when its process ends, while another takes new ones", async () => {
    const [busy, idle] = [await open(), await open()];
    await begin(busy, long.text);
    const [before = 0] = realtimes();
    process.kill(before, "SIGTERM");
    await busy.awaits(({ type }) => type === "draining");
    // Nobody who comes meanwhile is refused.
    for (let times = 0; times < 15; times += 1) {
      const fresh = await open();
      fresh.send(turnOf("c", "1 every 0"));
      await fresh.awaits(isLast("c"));
      expect(valueAt(fresh.events("c").at(-1), "done", "finishReason")).to.equal("stop");
      fresh.close();
      await pause(100);
    }
    expect((await idle.closed).code).to.equal(1001);
    expect(realtimes()).to.have.length(2).and.include(before);
    expect((await busy.closed).code).to.equal(1001);
    expectWhole(busy);
    await eventually(async () => expect(realtimes()).to.have.length(1).and.not.include(before));
  });

  it("ends with its token: first the turn that runs, which says why", async () => {
    const socket = await open({ token: await shortToken(5) });
    await begin(socket, endless);
    const last = await socket.awaits(isLast("c"));
    expect(textAt(last, "event", "error", "details", 0, "reason")).to.equal("TOKEN_EXPIRED");
    expect(await socket.closed).to.deep.equal({ code: 4401, reason: "the token has expired" });
  });

  it("goes on with a new token, which turns have from then on", async () => {
    const short = await shortToken(6);
    const socket = await open({ token: short });
    const idle = await open({ token: short });
    await begin(socket, endless);
    for (const each of [socket, idle]) {
      each.send({ type: "token", token });
      const renewed = await each.awaits(({ type }) => type === "token");
      expect(Date.parse(textAt(renewed, "expires"))).to.be.greaterThan(Date.now() + 60_000);
    }
    // What began with the old one ends with that.
    const last = await socket.awaits(isLast("c"));
    expect(textAt(last, "event", "error", "details", 0, "reason")).to.equal("TOKEN_EXPIRED");
    await pause(2_500);
    for (const each of [socket, idle]) {
      each.send(turnOf("next", "1 every 0"));
      await each.awaits(isLast("next"));
      expect(valueAt(each.events("next").at(-1), "done", "finishReason")).to.equal("stop");
      each.close();
    }
  });

  it("is closed with its turn where its token is revoked", async () => {
    const socket = await open({ token: await mesh.token({ subject: "leaver" }) });
    await begin(socket, endless);
    const args = ["key", "revoke", "--subject", "leaver"];
    const { code, output } = await smartcall(args, { cwd: mesh.folder, env: mesh.env });
    expect(code, output).to.equal(0);
    expect(await socket.closed).to.deep.equal({
      code: 4401,
      reason: "the token is not taken any more",
    });
    // No last event: it broke off, and its caller sees that.
    expect(socket.frames.some(isLast("c"))).to.equal(false);
  });

  it("goes by a gateway of its own as well, which lets turns end before it does", async () => {
    const [port = 0] = await freePorts(1);
    const url = `https://localhost:${port}`;
    const args = [smartcallBin, "gateway", "--name", "sockets", "--https-port", `${port}`];
    const gateway = startChild(process.execPath, args, { cwd: root, env: mesh.env });
    try {
      await gateway.says(`The gateway sockets serves the mesh "test" at ${url}`);
      const socket = await open({ url });
      await begin(socket, long.text);
      gateway.process.kill("SIGINT");
      await gateway.says("Waiting until sockets realtime ended");
      expect((await socket.closed).code).to.equal(1001);
      expectWhole(socket);
      expect((await gateway.ended).code).to.equal(0);
    } finally {
      await endGroup(gateway);
    }
  });

  it("sees its turn end before the mesh does", async () => {
    const socket = await open();
    await begin(socket, long.text);
    mesh.up.process.kill("SIGTERM");
    expect((await socket.closed).code).to.equal(1001);
    expectWhole(socket);
    expect((await mesh.up.ended).code).to.equal(0);
    expect(mesh.up.output()).to.contain("Stopped. Nothing is left running.");
  });
});
