// Agents that misbehave cost their own callers an error, and nobody else anything.
import { createServer as createHttp2, type ServerHttp2Stream } from "node:http2";
import { createServer, type Socket } from "node:net";
import { expect } from "chai";
import { envoyStat } from "../harness/envoy-stats.ts";
import { eventually } from "../harness/eventually.ts";
import { textAt, valueAt } from "../harness/json.ts";
import { portOf } from "../harness/ports.ts";
import { asking, callRest } from "../harness/rest.ts";
import { startCalls } from "./calls.ts";
import { startStreams } from "./streams.ts";
import { startWorld, type World } from "./world.ts";

interface Bad {
  readonly port: number;
  stop(): void;
}

describe("an agent that misbehaves, beside others under load", function () {
  this.timeout(180_000);
  let world: World;
  const bad = new Map<string, Bad>();
  before(async () => {
    world = await startWorld();
    bad.set("noise", await raw((socket) => socket.write("This is no HTTP.\r\n\r\n")));
    // It takes the connection, and never reads what comes.
    bad.set("deaf", await raw((socket) => socket.pause()));
    bad.set("page", await answering((stream) => stream.end("<html>Hello</html>")));
    bad.set("junk", await answering((stream) => stream.end(junk), grpc));
    bad.set("headers", await answering((stream) => stream.end(), { ...grpc, ...manyHeaders }));
    const at = (name: string): string => `127.0.0.1:${bad.get(name)?.port}`;
    const agents = [...bad.keys()].map((name) => [name, { instances: { static: [at(name)] } }]);
    const routes = [...bad.keys()].map((name) => [
      name,
      // Only the one that reads nothing is to be told by its time.
      {
        match: { agent: name },
        timeout: name === "deaf" ? "2s" : "30s",
        retry: { attempts: 1, on: ["reset"] },
      },
    ]);
    const [one, two] = [world.places[2]?.instances, world.places[4]?.instances];
    await world.save({
      agents: {
        ...Object.fromEntries(agents),
        // Addresses, a name and leases together.
        late: { instances: { static: valueAt(one, "static"), dns: textAt(two, "dns") } },
      },
      routes: Object.fromEntries(routes),
    });
  });
  after(async () => {
    for (const { stop } of bad.values()) stop();
    await world?.stop();
  });

  it("is refused in the mesh's words, with bounded memory, and no other call fails", async () => {
    const { mesh } = world;
    const token = await mesh.token();
    const streams = startStreams(mesh, { count: 10, agents: ["counting"], token });
    await eventually(() => expect(streams.open()).to.equal(10));
    const to = { perSecond: 220, agents: ["echo", "late"], token: () => token };
    const calls = startCalls(mesh, to);
    const before = await envoyStat(mesh, "server.memory_allocated");
    let most = before;
    let samples = 0;
    const told: Record<string, string> = {};
    for (const name of bad.keys()) {
      const long = "x".repeat(name === "deaf" ? 900_000 : 10);
      const call = { path: `/v1/agents/${name}:invoke`, token, body: asking(long) };
      const replies = Promise.all(Array.from({ length: 20 }, () => callRest(mesh, call)));
      const watch = setInterval(async () => {
        most = Math.max(most, await envoyStat(mesh, "server.memory_allocated"));
        if (name === "deaf") samples += 1;
      }, 100);
      const answers = (await replies).map(
        ({ json, status }) => `${status} ${textAt(json, "error", "details", 0, "reason")}`,
      );
      clearInterval(watch);
      told[name] = [...new Set(answers)].sort().join(", ");
    }
    const { failures, perSecond, calls: count } = await calls.stop();
    const { broken } = await streams.finish();
    const growth = Math.round((most - before) / 1024 / 1024);
    console.log(
      `      ${JSON.stringify(told)}; ${count} other calls at ${Math.round(perSecond)}/s: ` +
        `${failures.length} failed; the gateway's memory grew by ${growth} MB at most`,
    );
    expect(failures).to.deep.equal([]);
    expect(perSecond).to.be.at.least(200);
    expect(broken).to.deep.equal([]);
    expect(told).to.deep.equal(expected);
    // While 18 MB were on their way to the one that reads nothing.
    expect(samples).to.be.at.least(5);
    // Envoy holds each of these bodies about six times: as JSON, as protobuf, to try it once more.
    expect(growth).to.be.lessThan(128);
    const hosts = await (await fetch(`${mesh.envoyAdmin}/clusters`)).text();
    const used = [...hosts.matchAll(/^late::([^:]+:\d+)::rq_total::[1-9]/gm)].map(([, at]) => at);
    // Three leases, two addresses, and a name.
    expect(new Set(used).size).to.be.at.least(5);
  });
});

/** As docs/resilience.md promises. */
const expected = {
  noise: "502 BAD_ANSWER",
  deaf: "504 DEADLINE_EXCEEDED",
  page: "502 BAD_ANSWER",
  junk: "502 BAD_ANSWER",
  headers: "503 AGENT_UNAVAILABLE",
};
const grpc = { "content-type": "application/grpc" };
// A message that is longer than what comes of it.
const junk = Buffer.from([0, 0, 0, 0, 40, 1, 2]);
const manyHeaders = Object.fromEntries(
  Array.from({ length: 400 }, (_, index) => [`x-${index}`, "y".repeat(200)]),
);

function raw(take: (socket: Socket) => void): Promise<Bad> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    take(socket);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const stop = (): void => {
        for (const socket of sockets) socket.destroy();
        server.close();
      };
      resolve({ port: portOf(server), stop });
    });
  });
}

function answering(
  take: (stream: ServerHttp2Stream) => void,
  headers: Readonly<Record<string, string>> = { "content-type": "text/html" },
): Promise<Bad> {
  const server = createHttp2();
  const ends = new Set<() => void>();
  server.on("session", (session) => ends.add(() => session.destroy()));
  server.on("stream", (stream) => {
    stream.on("error", () => undefined);
    stream.respond({ ":status": 200, ...headers });
    take(stream);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const stop = (): void => {
        for (const end of ends) end();
        server.close();
      };
      resolve({ port: portOf(server), stop });
    });
  });
}
