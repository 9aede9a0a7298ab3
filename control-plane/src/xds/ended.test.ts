import { createManualClock } from "@smartcall/runtime/testing";
// What is left of streams that have ended, over real gRPC: nothing.

import { expect } from "chai";
import { viewFrom } from "./conversation.test.ts";
import { type RunningXds, ScriptedClient, startXds, until } from "./scripted-client.test.ts";

const one = viewFrom({ cluster: { a: "1" } }).snapshot;
const two = viewFrom({ cluster: { a: "2" } }).snapshot;

describe("a stream that has ended", () => {
  let running: RunningXds;
  const clients: ScriptedClient[] = [];
  const client = (): ScriptedClient => {
    const made = new ScriptedClient(running.port);
    clients.push(made);
    return made;
  };
  const start = async (...options: Parameters<typeof startXds>): Promise<void> => {
    running.stop();
    running = await startXds(...options);
  };
  beforeEach(async () => {
    running = await startXds();
  });
  afterEach(() => {
    for (const each of clients.splice(0)) each.close();
    running.stop();
  });

  it("A06 leaves nothing behind after streams that half-close, reset, or never spoke", async () => {
    running.xds.publish(one, "start");
    for (let i = 0; i < 30; i += 1) {
      const each = client();
      if (i % 3 > 0) {
        each.say("cluster", { node: `n${i}` });
        await each.take();
      }
      if (i % 3 === 1) each.halfClose();
      else each.close();
    }
    await until(() => running.xds.load().streams === 0);
    const opened = running.events.filter(({ kind }) => kind === "opened").length;
    const closed = running.events.filter(({ kind }) => kind === "closed").length;
    expect(opened).to.equal(closed);
    running.xds.publish(two, "mesh.yaml");
    await until(() => running.events.filter(({ kind }) => kind === "published").length === 2);
    expect(running.xds.load()).to.deep.equal({ streams: 0, waiting: 0 });
  });

  it("A06 leaves no timer and no entry of a stream that ends while it waits for a push", async () => {
    const clock = createManualClock();
    await start({ clock });
    const three = [client(), client(), client()];
    for (const [index, each] of three.entries()) each.say("cluster", { node: `n${index}` });
    await until(() => running.events.filter(({ kind }) => kind === "identified").length === 3);
    expect(clock.waiting(), "one for the age of each").to.equal(3);
    running.xds.publish(one, "start");
    expect(running.xds.load()).to.deep.equal({ streams: 3, waiting: 3 });
    running.xds.close();
    expect(running.xds.load()).to.deep.equal({ streams: 0, waiting: 0 });
    expect(clock.waiting()).to.equal(0);
  });

  it("A06 answers a half-close with the end of the stream", async () => {
    const node = client();
    node.say("cluster", { node: "n" });
    node.halfClose();
    expect((await node.ended).code).to.equal("OK");
  });
});
