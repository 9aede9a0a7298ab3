import { connect, type IncomingHttpHeaders } from "node:http2";
import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { typeUrls } from "../snapshot/snapshot.ts";
import { viewFrom } from "./conversation.test.ts";
import {
  inShort,
  type RunningXds,
  ScriptedClient,
  startXds,
  until,
} from "./scripted-client.test.ts";
import { aggregatedDiscovery } from "./wire.ts";

const one = viewFrom({ cluster: { a: "1" }, listener: { l: "1" } }).snapshot;
const two = viewFrom({ cluster: { a: "2" }, listener: { l: "1" } }).snapshot;

describe("the xDS server", () => {
  let running: RunningXds;
  const clients: ScriptedClient[] = [];

  const client = (token?: string): ScriptedClient => {
    const made = new ScriptedClient(running.port, token);
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

  it("refuses a node without the join token, and says what to send", async () => {
    for (const token of ["", "wrong"]) {
      const { code, message } = await client(token).ended;
      expect(code).to.equal("UNAUTHENTICATED");
      expect(message).to.include("authorization: Bearer");
    }
    expect(running.xds.load().streams).to.equal(0);
  });

  it("A01 closes a stream whose first request has no node id, with a clear sentence", async () => {
    const nameless = client();
    nameless.say("cluster");
    const { code, message } = await nameless.ended;
    expect(code).to.equal("INVALID_ARGUMENT");
    expect(message).to.include("node.id");
  });

  it("A02 stays open on an unknown type, and closes on none", async () => {
    running.xds.publish(one, "start");
    const curious = client();
    curious.say("cluster", { node: "n", typeUrl: "type.googleapis.com/envoy.Unknown" });
    curious.say("cluster");
    expect(await curious.take()).to.equal("cluster +a@1");
    curious.say("cluster", { typeUrl: "" });
    expect((await curious.ended).code).to.equal("INVALID_ARGUMENT");
  });

  it("A08 answers nobody before the first snapshot, then everybody", async () => {
    const early = client();
    early.say("cluster", { node: "early" });
    await until(() => running.events.some(({ kind }) => kind === "identified"));
    expect(running.xds.ready()).to.equal(false);
    expect(early.untaken()).to.equal(0);
    running.xds.publish(one, "start");
    expect(await early.take()).to.equal("cluster +a@1");
    expect(running.xds.ready()).to.equal(true);
  });

  it("A03 A40 A66 sends a nonce, versions, the type, and who answers", async () => {
    await start({ identifier: "cp-1" });
    running.xds.publish(one, "start");
    const nonces = new Set<string>();
    for (const id of ["x", "y"]) {
      const each = client();
      each.say("cluster", { node: id });
      const response = await each.next();
      nonces.add(response.nonce);
      expect(response.controlPlane?.identifier).to.equal("cp-1");
      expect(response.resources[0]?.resource?.typeUrl).to.equal(typeUrls.cluster);
      expect(response.resources[0]?.version).to.equal("1");
      expect(response.systemVersionInfo).to.match(/^[0-9a-f]{64}$/);
    }
    expect(nonces.size).to.equal(2);
  });

  it("A70 A74 pushes a change, keeps what is refused from being sent again, and tells of it", async () => {
    running.xds.publish(one, "start");
    const node = client();
    node.say("cluster", { node: "n" });
    await node.take();
    running.xds.publish(two, "mesh.yaml");
    const bad = await node.next();
    expect(inShort(bad)).to.equal("cluster +a@2");
    node.say("cluster", { nonce: bad.nonce, refuses: "no such field" });
    await until(() => running.events.some(({ kind }) => kind === "nacked"));
    const nack = running.events.find((event) => event.kind === "nacked");
    expect(nack?.refusal.message).to.equal("no such field");
    expect(nack?.suspects).to.deep.equal([{ name: "a", origin: undefined }]);
    const again = client();
    again.say("cluster", { node: "n" });
    expect(await again.take(), "the node's next stream").to.equal("cluster");
    expect(node.untaken()).to.equal(0);
  });

  it("A07 serves two streams of one node, and keeps one when the other ends", async () => {
    running.xds.publish(one, "start");
    const [first, second] = [client(), client()];
    for (const each of [first, second]) {
      each.say("cluster", { node: "same" });
      await each.take();
    }
    expect(running.xds.load().streams).to.equal(2);
    first.close();
    await until(() => running.xds.load().streams === 1);
    running.xds.publish(two, "mesh.yaml");
    expect(await second.take()).to.equal("cluster +a@2");
  });

  it("A09 ends every stream when it closes, and takes no new one", async () => {
    const node = client();
    node.say("cluster", { node: "n" });
    await until(() => running.xds.load().streams === 1);
    running.xds.close();
    expect(await node.ended).to.deep.include({ code: "UNAVAILABLE" });
    expect((await client().ended).code).to.equal("UNAVAILABLE");
  });

  it("A82 refuses streams beyond the rate", async () => {
    await start({ connectRate: { perSecond: 1, burst: 2 }, clock: createManualClock() });
    const three = [client(), client(), client()];
    const refused = await Promise.race(three.map(({ ended }) => ended));
    expect(refused.code).to.equal("RESOURCE_EXHAUSTED");
  });

  it("A83 takes the long list of a node that comes back with ten thousands of resources", async () => {
    running.xds.publish(one, "start");
    const large = client();
    const held = Array.from({ length: 60_000 }, (_, i) => [`${"a".repeat(75)}${i}`, "1"] as const);
    large.say("endpoint", { node: "n", subscribe: ["x"], holds: Object.fromEntries(held) });
    expect(await large.take()).to.equal("endpoint -x");
  }).timeout(20_000);

  it("A85 ends a stream that has lasted long, another one later", async () => {
    const clock = createManualClock();
    const ages = [0, 0.5];
    await start({ clock, random: () => ages.shift() ?? 1 });
    running.xds.publish(one, "start");
    const [early, late] = [client(), client()];
    for (const each of [early, late]) {
      each.say("cluster", { node: "n" });
      await each.take();
    }
    clock.pass(9.5 * 3_600_000);
    expect((await early.ended).code).to.equal("UNAVAILABLE");
    expect(running.xds.load().streams).to.equal(1);
    clock.pass(3_600_000);
    expect((await late.ended).code).to.equal("UNAVAILABLE");
  });

  it("A80 live in well under a second: a change reaches the client", async () => {
    running.xds.publish(one, "start");
    const node = client();
    node.say("cluster", { node: "n" });
    await node.take();
    const begun = Date.now();
    running.xds.publish(two, "mesh.yaml");
    await node.take();
    expect(Date.now() - begun).to.be.within(50, 2_500);
  });

  it("tells when every connected node has ACKed, refused, or not answered", async () => {
    running.xds.publish(one, "start");
    expect(await running.xds.acked(1, 1000), "no node").to.equal("acked");
    const node = client();
    node.say("cluster", { node: "n" });
    const first = await node.next();
    expect(await running.xds.acked(1, 30)).to.equal("timeout");
    node.say("cluster", { nonce: first.nonce });
    // It holds all that it has asked for, and nothing yet that takes calls.
    expect(await running.xds.acked(1, 30)).to.equal("timeout");
    node.say("listener");
    node.say("listener", { nonce: (await node.next()).nonce });
    expect(await running.xds.acked(1, 1000)).to.equal("acked");
    const published = running.xds.publish(two, "mesh.yaml");
    const waited = running.xds.acked(published.ok ? published.generation : 0, 3000);
    const second = await node.next();
    node.say("cluster", { nonce: second.nonce, refuses: "no" });
    expect(await waited).to.equal("refused");
    const converged = running.events.filter(({ kind }) => kind === "converged");
    expect(converged).to.have.length(1);
  });

  it("does not wait for a node that has left", async () => {
    running.xds.publish(one, "start");
    const node = client();
    node.say("cluster", { node: "n" });
    await node.next();
    const waited = running.xds.acked(1, 3000);
    node.close();
    expect(await waited).to.equal("acked");
  });

  it("gives a node only what its view holds", async () => {
    await start({
      viewFor: (node, view) => (node.id === "blind" ? viewFrom({}) : view),
    });
    running.xds.publish(one, "start");
    const [blind, seeing] = [client(), client()];
    blind.say("cluster", { node: "blind" });
    seeing.say("cluster", { node: "seeing" });
    expect(await blind.take()).to.equal("cluster");
    expect(await seeing.take()).to.equal("cluster +a@1");
  });

  it("A81 keeps a bounded number of responses for a client that reads nothing", async () => {
    const big = "x".repeat(100_000);
    const of = (version: string) => viewFrom({ cluster: { a: `${version}${big}` } }).snapshot;
    running.xds.publish(of("0"), "start");
    const stalled = client();
    stalled.pause();
    stalled.say("cluster", { node: "stalled" });
    for (let i = 1; i <= 30; i += 1) {
      running.xds.publish(of(`${i}`), i === 30 ? "last" : "mesh.yaml");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() =>
      running.events.some((event) => event.kind === "published" && event.reason === "last"),
    );
    expect(running.events.filter(({ kind }) => kind === "sent")).to.have.length(1);
    stalled.resume();
    await stalled.take();
    expect((await stalled.take()).slice(0, 15)).to.equal("cluster +a@30xx");
  });

  it("survives bytes that are no request", async () => {
    const session = connect(`http://127.0.0.1:${running.port}`);
    const stream = session.request({
      ":method": "POST",
      ":path": aggregatedDiscovery.DeltaAggregatedResources.path,
      "content-type": "application/grpc",
      authorization: "Bearer join",
      te: "trailers",
    });
    const answered = new Promise<string>((resolve) => {
      const read = (headers: IncomingHttpHeaders): void => resolve(String(headers["grpc-status"]));
      stream.on("trailers", read);
      stream.on("response", (headers) => {
        if (headers["grpc-status"] !== undefined) read(headers);
      });
    });
    stream.on("error", () => undefined);
    stream.resume();
    stream.write(Buffer.from([0, 0, 0, 0, 3, 255, 255, 255]));
    expect(await answered).to.equal("13");
    await until(() => running.xds.load().streams === 0);
    session.destroy();
    running.xds.publish(one, "start");
    const node = client();
    node.say("cluster", { node: "n" });
    expect(await node.take()).to.equal("cluster +a@1");
  });
});
