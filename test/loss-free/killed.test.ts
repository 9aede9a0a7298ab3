// An instance is killed while it works: what its callers see, and how soon nobody is sent to it.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { StatusObject } from "@grpc/grpc-js";
import type { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { relayFile, relayName } from "../agents/relay.ts";
import { type Child, startChild } from "../harness/child.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { clientFor, metadataOf, saying } from "../harness/grpc.ts";
import { textAt } from "../harness/json.ts";
import { expectInTime, strictly } from "../harness/promised.ts";
import { asking } from "../harness/rest.ts";
import { smartcallBin } from "../harness/smartcall.ts";
import { startCalls } from "./calls.ts";
import { startStreams } from "./streams.ts";
import { startWorld, type World } from "./world.ts";

const endless = "until /nowhere";
const visibleMs = 1_000;

describe("an instance that is killed while it works", function () {
  this.timeout(180_000);
  let world: World;
  let token: string;
  before(async () => {
    world = await startWorld();
    token = await world.mesh.token();
    await world.save({
      agents: { worker: {}, plain: {}, relay: { calls: ["worker"] } },
      routes: {
        marked: {
          match: { agent: "worker" },
          retry: { attempts: 2, on: ["unavailable", "reset"] },
        },
        plain: { match: { agent: "plain" }, to: "worker" },
      },
    });
    for (let count = 0; count < 3; count += 1) world.attach("worker");
    await workers(3);
    await world.callable("worker");
  });
  after(() => world?.stop());

  it("under load costs no call of a marked route, and of others only those that it had; no call goes there a second later", async () => {
    const { mesh } = world;
    const streams = startStreams(mesh, { count: 10, agents: ["counting"], token });
    await eventually(() => expect(streams.open()).to.equal(10));
    const options = {
      perSecond: strictly() ? 220 : 60,
      agents: ["worker", "plain", "echo"],
      token: () => token,
    };
    const calls = startCalls(mesh, options);
    const killedAt: number[] = [];
    const kills = strictly() ? 4 : 2;
    for (let time = 0; time < kills; time += 1) {
      await pause(1_000);
      killedAt.push(Date.now());
      const [oldest] = world.running("worker");
      if (oldest === undefined) throw new Error("no worker");
      process.kill(oldest.pid, "SIGKILL");
      await workers(2);
      await world.end(oldest);
      await pause(1_000);
      world.attach("worker");
      await workers(3);
    }
    const { calls: count, failures, perSecond } = await calls.stop();
    const streamed = await streams.finish();
    console.log(
      `      ${killedAt.length} kills, ${count} calls at ${Math.round(perSecond)}/s: ` +
        `${failures.length} of unmarked routes failed, at the latest ` +
        `${Math.max(0, ...failures.map((each) => sinceKill(each, killedAt)))} ms after a kill`,
    );
    expect(streamed.broken).to.deep.equal([]);
    expect(failures.filter((each) => !each.includes(" plain: "))).to.deep.equal([]);
    for (const failure of failures) {
      expect(failure).to.match(/"reason":"AGENT_UNAVAILABLE"|14 UNAVAILABLE/);
      if (failure.includes("REST")) {
        expect(failure).to.match(/ 503 .*"fault":"agent".*"retry":"yes"/);
      }
    }
    const latest = Math.max(0, ...failures.map((each) => sinceKill(each, killedAt)));
    expect(latest).to.be.lessThan(strictly() ? visibleMs : 2 * visibleMs);
    if (strictly()) expect(perSecond).to.be.at.least(200);
  });

  it("breaks its streams within a second, whoever reads them, and none ends with done", async () => {
    const { mesh } = world;
    const notesFile = `${mesh.folder}/notes`;
    const relay = world.attach("relay", { [relayName]: "relay", [relayFile]: notesFile });
    for (const left of [2, 1]) {
      const [extra] = world.running("worker");
      if (extra === undefined) throw new Error("no worker");
      process.kill(extra.pid, "SIGTERM");
      await workers(left);
      await world.end(extra);
    }
    await world.callable("relay");
    const over = {
      "curl, HTTP/1.1": curl(world, token, "--http1.1"),
      "curl, HTTP/2": curl(world, token, "--http2"),
      gRPC: native(world, token),
      "an agent": through(world, token),
      "smartcall call": command(world),
    };
    for (const each of Object.values(over)) await each.begun;
    const [only] = world.running("worker");
    if (only === undefined) throw new Error("no worker");
    const since = performance.now();
    process.kill(only.pid, "SIGKILL");
    const ends: Record<string, string> = {};
    const took: Record<string, number> = {};
    for (const [name, { ended }] of Object.entries(over)) {
      ends[name] = await ended.then(({ at, how }) => {
        took[name] = Math.round(at - since);
        return how;
      });
    }
    console.log(`      broken after, in ms: ${JSON.stringify(took)}`);
    expect(ends["curl, HTTP/1.1"]).to.equal("18");
    expect(ends["curl, HTTP/2"]).to.equal("92");
    expect(ends["gRPC"]).to.match(/^1[34]$/);
    expect(ends["an agent"])
      .to.match(/STREAM_BROKEN/)
      .and.to.match(/1 2 /);
    // What its own code was told: its caller has the text from the pieces that it passed on.
    const notes = readFileSync(notesFile, "utf8").trim().split("\n");
    const broke = notes
      .map((line): unknown => JSON.parse(line))
      .filter((each) => textAt(each, "what") === "broke");
    expect(broke).to.have.length(1);
    expect(textAt(broke[0], "reason")).to.equal("STREAM_BROKEN");
    expect(textAt(broke[0], "textSoFar")).to.match(/^1 2 /);
    expect(ends["smartcall call"]).to.match(/^1 1 2 .*STREAM_BROKEN/s);
    // A command has to end as a process, too.
    const { "smartcall call": commandMs = 0, ...others } = took;
    expectInTime("until the others saw it", Math.max(...Object.values(others)), visibleMs);
    expectInTime("until the command had ended", commandMs, visibleMs * 3);
    await world.end(only);
    await world.end(relay);
  });

  async function workers(count: number): Promise<void> {
    await eventually(async () => expect(await world.held("worker")).to.equal(count), {
      withinMs: 20_000,
    });
  }
});

/** A stream that has said something, and its end. */
interface Reader {
  readonly begun: Promise<unknown>;
  readonly ended: Promise<{ readonly at: number; readonly how: string }>;
}

function curl({ mesh }: World, token: string, version: string): Reader {
  const child = spawn("curl", [
    "-sN",
    version,
    "--cacert",
    mesh.caFile,
    "-H",
    `authorization: Bearer ${token}`,
    "-H",
    "content-type: application/json",
    "-d",
    JSON.stringify(asking(endless)),
    `${mesh.url}/v1/agents/worker:stream`,
  ]);
  return readerOf(child, (text, code) => (text.includes('"done"') ? "done" : `${code}`));
}

function readerOf(child: ChildProcess, how: (text: string, code: number | null) => string): Reader {
  let text = "";
  const begun = new Promise<void>((resolve) => {
    child.stdout?.on("data", (bytes: Buffer) => {
      text += bytes.toString();
      resolve();
    });
  });
  const ended = new Promise<{ at: number; how: string }>((resolve) => {
    child.on("close", (code) => resolve({ at: performance.now(), how: how(text, code) }));
  });
  return { begun, ended };
}

function native({ mesh }: World, token: string): Reader {
  const client = clientFor(mesh);
  const call = client.stream(saying(endless), metadataOf({ agent: "worker", token }));
  let done = false;
  const begun = new Promise<void>((resolve) => {
    call.on("data", (event: agentPb.StreamEvent) => {
      done ||= event.hasDone();
      resolve();
    });
  });
  call.on("error", () => undefined);
  const ended = new Promise<{ at: number; how: string }>((resolve) => {
    call.on("status", ({ code }: StatusObject) => {
      client.close();
      resolve({ at: performance.now(), how: done ? "done" : `${code}` });
    });
  });
  return { begun, ended };
}

/** What an agent says to its own caller, whose call of the killed one broke. */
function through({ mesh }: World, token: string): Reader {
  const client = clientFor(mesh);
  const call = client.stream(saying(`worker>${endless}`), metadataOf({ agent: "relay", token }));
  let said = "";
  let twice = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    twice = resolve;
  });
  call.on("data", (event: agentPb.StreamEvent) => {
    said += event.getDelta()?.getContent() ?? JSON.stringify(event.toObject());
    const status = event.getError();
    if (status !== undefined) said += Buffer.from(status.serializeBinary()).toString("latin1");
    if (said.includes("2 ")) twice();
  });
  call.on("error", (error) => {
    said += String(error);
  });
  const ended = new Promise<{ at: number; how: string }>((resolve) => {
    call.on("status", () => {
      client.close();
      resolve({ at: performance.now(), how: said });
    });
  });
  return { begun, ended };
}

function command({ mesh }: World): Reader {
  const options = { cwd: mesh.folder, env: mesh.env };
  const child: Child = startChild(
    process.execPath,
    [smartcallBin, "call", "worker", endless],
    options,
  );
  const ended = child.ended.then(({ code }) => ({
    at: performance.now(),
    how: `${code} ${child.output()}`,
  }));
  return { begun: child.says("1 2 "), ended };
}

/** How long after the last kill before it, in milliseconds, a call failed. */
function sinceKill(failure: string, killedAt: readonly number[]): number {
  const at = Date.parse(failure.split(" ")[0] ?? "");
  return at - Math.max(...killedAt.filter((killed) => killed <= at));
}
