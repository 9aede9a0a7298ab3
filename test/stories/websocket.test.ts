import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { startBrowser } from "../harness/browser.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { valueAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { processesMarked } from "../harness/processes.ts";
import { smartcall } from "../harness/smartcall.ts";
import { isLast, openSocket, refusedSocket, type TestSocket, turnOf } from "../harness/socket.ts";

describe("a WebSocket to an agent", function () {
  this.timeout(180_000);
  let mesh: Mesh;
  let token: string;
  before(async () => {
    mesh = await startMesh({
      listed: ["gold"],
      routes: [
        "{ name: few, match: { agent: echo, headers: { x-few: yes } }, limits: [{ requests: 2, per: minute, by: subject }] }",
        "{ name: rest, match: { agent: echo } }",
        "{ name: gold, match: { agent: gold, claims: { plan: gold } }, to: echo }",
      ],
    });
    token = await mesh.token();
  });
  after(() => mesh.stop());

  it("opens with a token in any of its places, and streams the answer", async () => {
    for (const login of [
      { token },
      { headers: { "x-api-key": token } },
      { protocols: ["smartcall", `bearer.${token}`] },
      { query: `?access_token=${token}` },
    ]) {
      const socket = await openSocket(mesh, login);
      expect(socket.socket.protocol).to.equal("protocols" in login ? "smartcall" : "");
      socket.send(turnOf("c", "good day"));
      await socket.awaits(isLast("c"));
      expect(socket.events("c").map((event) => event["sequence"])).to.deep.equal([1, 2, 3]);
      expect(valueAt(socket.events("c")[2], "done", "finishReason")).to.equal("stop");
      socket.close();
    }
  });

  it("is refused without a token, with two, with one that no route takes, and to pages of strangers", async () => {
    const none = await mesh.token({ scope: "other" });
    const statuses = await Promise.all(
      [
        {},
        { token: "forged" },
        { token, query: `?access_token=${token}` },
        { token: none },
        { token, agent: "gold" },
        { token, agent: "nobody" },
        { token, headers: { origin: "https://evil.example" } },
      ].map(async (options) => (await refusedSocket(mesh, options)).status),
    );
    expect(statuses).to.deep.equal([401, 401, 401, 403, 403, 403, 403]);
    const gold = await mesh.token({ claims: { plan: "gold" } });
    const socket = await openSocket(mesh, { agent: "gold", token: gold });
    socket.send(turnOf("c", "rich"));
    expect(await endOf(socket, "c")).to.equal("stop");
    socket.close();
  });

  it("counts each turn against the limits of its route", async () => {
    const limited = await mesh.token({ subject: "limited" });
    const socket = await openSocket(mesh, { token: limited, headers: { "x-few": "yes" } });
    for (const name of ["one", "two"]) {
      socket.send(turnOf(name, "Hello"));
      expect(await endOf(socket, name)).to.equal("stop");
    }
    socket.send(turnOf("three", "Hello"));
    expect(await endOf(socket, "three")).to.equal("RATE_LIMITED");
    socket.close();
  });

  it("is closed within seconds of the revocation of its token", async () => {
    const socket = await openSocket(mesh, { token: await mesh.token({ subject: "leaver" }) });
    const { code, output } = await smartcall(["key", "revoke", "--subject", "leaver"], {
      cwd: mesh.folder,
      env: mesh.env,
    });
    expect(code, output).to.equal(0);
    expect((await socket.closed).code).to.equal(4401);
  });

  it("goes on while mesh.yaml changes, and the gateway is told nothing that would cut it", async () => {
    const socket = await openSocket(mesh, { token });
    const silver = await mesh.token({ claims: { plan: "silver" } });
    mesh.save(["{ name: silver, match: { agent: gold, claims: { plan: silver } }, to: echo }"]);
    const another = await eventually(() => openSocket(mesh, { agent: "gold", token: silver }));
    another.close();
    const stats = await fetch(`${mesh.envoyAdmin}/stats?filter=listener_modified`);
    expect(await stats.text()).to.include("listener_modified: 0");
    socket.send(turnOf("c", "still here"));
    expect(await endOf(socket, "c")).to.equal("stop");
    socket.close();
  });

  it("works in a browser, by the page of the guide", async () => {
    const browser = await startBrowser();
    try {
      const page = await browser.open("app");
      const { origin } = new URL(browser.originOf("app"));
      const yaml = readFileSync(mesh.meshFile, "utf8");
      const named = `gateway:\n  cors: { origins: ["${origin}"] }\n`;
      writeFileSync(mesh.meshFile, yaml.replace("gateway:\n", named));
      await page.setContent(readFileSync(join(root, "docs/examples/websocket.html"), "utf8"));
      await page.fill("#gateway", mesh.url);
      await page.fill("#token", token);
      await eventually(
        async () => {
          await page.click("#login button");
          await page.waitForSelector("#ask:not([hidden])", { timeout: 2_000 });
        },
        { withinMs: 20_000 },
      );
      await page.fill("#text", "Hello from a browser");
      await page.click("#ask button");
      await page.waitForSelector("[data-end=stop]");
      expect(await page.textContent("[data-end]")).to.equal("Hello from a browser");
      const shot = process.env["SMARTCALL_SCREENSHOT"];
      if (shot !== undefined) await page.screenshot({ path: shot });
    } finally {
      await browser.stop();
    }
  });

  it("breaks visibly where the service is killed, which is started again", async () => {
    const socket = await openSocket(mesh, { token });
    process.kill(await realtime(mesh), "SIGKILL");
    expect((await socket.closed).code).to.equal(1006);
    const again = await eventually(() => openSocket(mesh, { token }), { withinMs: 20_000 });
    again.send(turnOf("c", "back"));
    expect(await endOf(again, "c")).to.equal("stop");
    process.kill(await realtime(mesh), "SIGTERM");
    await again.awaits(({ type }) => type === "draining");
    expect((await again.closed).code).to.equal(1001);
    const third = await eventually(() => openSocket(mesh, { token }), { withinMs: 20_000 });
    third.close();
  });

  it("leaves no token and no query in any log", async () => {
    await pause(1_500);
    for (const name of ["envoy", "realtime", "echo", "control-plane"]) {
      const log = readFileSync(join(mesh.stateFolder, "logs", `${name}.log`), "utf8");
      expect(log).to.not.include(token);
      expect(log).to.not.include("access_token");
    }
    // What logs nothing leaks nothing: the calls of this story are there.
    const calls = readFileSync(join(mesh.stateFolder, "logs", "envoy.log"), "utf8");
    expect(calls).to.include("/v1/agents/echo:converse");
  });
});

/** The finish reason, or the reason of the refusal. */
async function endOf(socket: TestSocket, conversation: string): Promise<unknown> {
  const last = await socket.awaits(isLast(conversation));
  return (
    valueAt(last, "event", "done", "finishReason") ?? valueAt(last, "error", "details", 0, "reason")
  );
}

function realtime(mesh: Mesh): Promise<number> {
  return eventually(() => {
    const found = processesMarked(mesh.mark).find(({ command }) => command.includes("realtime"));
    if (found === undefined) throw new Error("no realtime service runs");
    return found.pid;
  });
}
