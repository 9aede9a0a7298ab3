// A server that is busy for seconds at a time, and a node that answers all the while.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import { type RunningXds, startXds } from "./scripted-client.test.ts";

describe("a control plane that is busy", () => {
  let running: RunningXds;
  let node: ChildProcess;
  afterEach(() => {
    node.kill();
    running.stop();
  });

  it("loses no node by not hearing it", async () => {
    running = await startXds();
    const script = `
      const connection = require("node:http2").connect("http://127.0.0.1:${running.port}");
      connection.on("error", () => undefined);
      connection.once("remoteSettings", () => console.log("connected"));
      connection.once("close", () => process.exit(3));
    `;
    node = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    if (node.stdout === null) throw new Error("it says nothing");
    await once(node.stdout, "data");
    // Between two of these timers run, so pings are sent; answers are read a turn later.
    for (let times = 0; times < 4; times++) {
      busyFor(3_500);
      await turn();
    }
    await sleep(300);
    expect(node.exitCode).to.equal(null);
  }).timeout(40_000);
});

/** Does nothing else for so long, as if it were working something out. */
function busyFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
