import type { JsonObject } from "@bufbuild/protobuf";
import {
  Client,
  type ClientDuplexStream,
  credentials,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { readOwnServices } from "@smartcall/control-plane/dist/source/own-services/index.js";
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { metadataOf } from "../harness/grpc.ts";
import { listAt, textAt } from "../harness/json.ts";
import { asking, callRest, openRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { codecOf, descriptorsOf, type StationAgent, startStation } from "./station-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const mesh = `
mesh: edge-test
agents:
  station: { instances: { static: [$station] } }
  plain: { instances: { static: [$other] } }
routes:
  - { name: watched, match: { agent: station, path: "/v1/agents/station/sensors/*" }, allow: { scopes: [watch] } }
  - { name: measured, match: { agent: station }, timeout: 2s, limits: [{ requests: 3, per: minute, by: "claim:team" }] }
`;

describe("An agent's own methods", function () {
  this.timeout(60_000);
  let gateway: TestGateway;
  let station: StationAgent;
  let client: Client;
  let serves = true;
  before(async () => {
    station = await startStation();
    const describe = await writtenMesh(mesh, { station: station.port, other: 1 });
    const services = readOwnServices(descriptorsOf("station"), "station");
    if ("problems" in services) throw new Error(services.problems.join());
    gateway = await startGateway((parts) => {
      const made = describe(parts);
      const agents = made.agents.map((each) =>
        each.name === "station" && serves ? { ...each, services } : each,
      );
      return { ...made, agents };
    });
    client = new Client(
      `localhost:${gateway.port}`,
      credentials.createSsl(Buffer.from(gateway.ca)),
    );
  });
  after(async () => {
    client.close();
    await gateway.stop();
    await station.stop();
  });

  let team = 0;
  const token = (scopes = ["agents:invoke"]): string =>
    gateway.token({ scopes, claims: { team: `${team++}` } });
  const post = (path: string, body: unknown, as = token()): Promise<RestReply> =>
    callRest(gateway, { path: `/v1/agents/${path}`, token: as, body });
  const order = codecOf(descriptorsOf("station"), "acme.station.v1.Order");
  const reading = codecOf(descriptorsOf("station"), "acme.station.v1.Reading");
  const native = (
    method: string,
    request: JsonObject,
    keys: Parameters<typeof metadataOf>[0],
  ): Promise<JsonObject | ServiceError> =>
    new Promise((resolve) => {
      client.makeUnaryRequest(
        `/acme.station.v1.Station/${method}`,
        order.serialize,
        reading.deserialize,
        request,
        metadataOf(keys),
        (error, answer) => resolve(error ?? answer ?? {}),
      );
    });

  it("are called by REST, with the mesh's own beside them", async () => {
    const measured = await post("station:measure", { say: "hello", number: "7" });
    expect(measured.text).to.equal(
      '{"said":"hello","number":"7","in":"UNIT_CELSIUS","took":"1.500s"}',
    );
    expect(measured.status).to.equal(200);
    const invoked = await post("station:invoke", asking("hello"));
    expect(textAt(invoked.json, "message", "content")).to.equal("hello");
    const streamed = await post("station:stream", asking("hello"));
    expect(streamed.text).to.contain('"done"');
  });

  it("are called by gRPC, of each kind", async () => {
    const keys = { agent: "station", token: token() };
    expect(await native("Measure", { say: "hello" }, keys)).to.include({ said: "hello" });
    const talk: ClientDuplexStream<JsonObject, JsonObject> = client.makeBidiStreamRequest(
      "/acme.station.v1.Station/Talk",
      order.serialize,
      reading.deserialize,
      metadataOf({ agent: "station", token: token() }),
    );
    for (const say of ["one", "two"]) {
      const answered = new Promise<unknown>((resolve, reject) => {
        talk.once("data", resolve);
        talk.once("error", reject);
      });
      talk.write({ say });
      expect(await answered).to.eql({ said: say });
    }
    talk.end();
    const sum = await new Promise((resolve, reject) => {
      const sent = client.makeClientStreamRequest(
        "/acme.station.v1.Station/Sum",
        order.serialize,
        reading.deserialize,
        metadataOf({ agent: "station", token: token() }),
        (error, answer) => (error === null ? resolve(answer) : reject(error)),
      );
      sent.write({ say: "one" });
      sent.write({ say: "two" });
      sent.end();
    });
    expect(sum).to.eql({ number: "2" });
  });

  it("are under the agent's routes: who may call, by which path, how often, for how long", async () => {
    expect((await callRest(gateway, { path: "/v1/agents/station:measure" })).status).to.equal(401);
    expect((await post("station/sensors/all:watch", {})).status).to.equal(403);
    expect((await post("station/sensors/all:watch", {}, token(["watch"]))).status).to.equal(200);
    const one = token();
    const answers: number[] = [];
    for (let at = 0; at < 4; at++) answers.push((await post("station:measure", {}, one)).status);
    expect(answers).to.eql([200, 200, 200, 429]);
    const limited = await native("Measure", {}, { agent: "station", token: one });
    expect(limited).to.include({ code: status.RESOURCE_EXHAUSTED });
    const late = await post("station:measure", { say: "wait" });
    expect([late.status, textAt(late.json, "error", "status")]).to.eql([504, "DEADLINE_EXCEEDED"]);
  });

  it("know who calls, and until when", async () => {
    await post("station:measure", { say: "who" });
    const call = station.seen.at(-1);
    expect(call?.caller).to.include({ subject: "me" });
    expect(call?.deadline?.getTime()).to.be.lessThan(Date.now() + 2_000);
  });

  it("refuse in the mesh's words, by both doors", async () => {
    const failed = await post("station:measure", { say: "fail" });
    expect(failed.status).to.equal(400);
    const [info] = listAt(failed.json, "error", "details");
    expect(info).to.include({ reason: "RAIN" });
    expect(
      await native("Measure", { say: "fail" }, { agent: "station", token: token() }),
    ).to.include({
      code: status.FAILED_PRECONDITION,
      details: "It rains.",
    });
    expect((await post("station:measure", "{")).status).to.equal(400);
    expect((await post("station:measure?nothing=1", {})).status).to.equal(400);
    const wrong = await callRest(gateway, {
      method: "GET",
      path: "/v1/agents/station:measure",
      token: token(),
    });
    expect([wrong.status, wrong.headers.allow]).to.eql([405, "POST"]);
    expect((await post("station:measures", {})).status).to.equal(404);
    expect((await post("station/sensors", {})).status).to.equal(404);
    expect((await post("STATION:measure", {})).status).to.equal(404);
  });

  it("are no other agent's, and need its name by gRPC", async () => {
    expect((await post("plain:measure", {})).status).to.equal(404);
    const none = await native("Measure", {}, { token: token() });
    expect(none).to.include({ code: status.INVALID_ARGUMENT });
    const other = await native("Measure", {}, { agent: "plain", token: token() });
    expect(other).to.include({ code: status.NOT_FOUND });
    const missing = await native("Nothing", {}, { agent: "station", token: token() });
    expect(missing).to.include({ code: status.UNIMPLEMENTED });
  });

  it("come and go without a change of the listener, and a stream that runs ends whole", async () => {
    const answer = await openRest(gateway, {
      path: "/v1/agents/station/sensors/all:watch",
      token: token(["watch"]),
      body: { number: "60" },
    });
    let text = "";
    answer.setEncoding("utf8");
    answer.on("data", (chunk: string) => {
      text += chunk;
    });
    const ended = new Promise<unknown>((resolve, reject) => {
      answer.on("end", resolve);
      answer.on("error", reject);
    });
    await eventually(() => expect(text).to.contain('"0"'));
    serves = false;
    await gateway.publish([]);
    await eventually(async () => expect((await post("station:measure", {})).status).to.equal(404));
    expect((await post("station:invoke", asking("hello"))).status).to.equal(200);
    serves = true;
    await gateway.publish([]);
    await eventually(async () => expect((await post("station:measure", {})).status).to.equal(200));
    await ended;
    expect(text.match(/^data: /gm)).to.have.length(60);
    expect(await gateway.stat("listener_manager.listener_modified")).to.equal(0);
    expect(gateway.refused).to.eql([]);
  });
});
