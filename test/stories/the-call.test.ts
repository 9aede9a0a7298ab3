// A call, through every door: REST, server-sent events, native gRPC on the same port.

import { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { attachAgent, callable } from "../harness/attach-agent.ts";
import { endGroup } from "../harness/child.ts";
import { allEvents, openEvents } from "../harness/events.ts";
import { clientFor, invokeGrpc, metadataOf, saying, streamGrpc } from "../harness/grpc.ts";
import { numberAt, textAt, valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { strictly } from "../harness/promised.ts";
import { asking, callRest } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";

describe("a call", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  let token: string;

  before(async () => {
    mesh = await sharedMesh();
    token = await mesh.token();
  });

  it("by REST is answered whole", async () => {
    const path = "/v1/agents/echo:invoke";
    const { status, headers, json } = await callRest(mesh, { path, token, body: asking("Hello") });
    expect(status).to.equal(200);
    expect(headers["content-type"]).to.equal("application/json");
    expect(headers["x-request-id"]).to.match(/^[0-9a-f-]{36}$/);
    expect(valueAt(json, "message")).to.deep.equal({ role: "assistant", content: "Hello" });
    expect(textAt(json, "id")).to.not.equal("");
    expect(textAt(json, "finishReason")).to.equal("stop");
    expect(Date.parse(textAt(json, "createTime"))).to.be.closeTo(Date.now(), 60_000);
  });

  it("streams numbered events with one id, and exactly one last event", async () => {
    const path = "/v1/agents/echo:stream";
    const events = await allEvents(mesh, { path, token, body: asking("one two three") });
    const deltas = events.slice(0, -1).map(({ event }) => textAt(event, "delta", "content"));
    expect(deltas.join("")).to.equal("one two three");
    expect(deltas).to.have.length(3);
    expect(events.map(({ event }) => numberAt(event, "sequence"))).to.deep.equal([1, 2, 3, 4]);
    expect(new Set(events.map(({ event }) => textAt(event, "callId"))).size).to.equal(1);
    expect(textAt(events.at(-1)?.event, "done", "finishReason")).to.equal("stop");
  });

  it("streams each event as it comes, not when all are there", async () => {
    const ticker = attachAgent(mesh, "ticker");
    try {
      await callable(mesh, "ticker", "1 every 0");
      const path = "/v1/agents/ticker:stream";
      const stream = await openEvents(mesh, { path, token, body: asking("5 every 200") });
      expect(stream.status).to.equal(200);
      expect(stream.contentType).to.match(/^text\/event-stream/);
      const times: number[] = [];
      for await (const { event, atMs } of stream.events) {
        if (valueAt(event, "delta") !== undefined) times.push(atMs);
      }
      expect(times).to.have.length(5);
      for (const [index, atMs] of times.entries()) {
        expect(atMs, `event ${index + 1}`).to.be.at.least(200 * (index + 1) - 20);
        if (strictly()) expect(atMs, `event ${index + 1}`).to.be.lessThan(200 * (index + 1) + 190);
      }
      expect((times.at(-1) ?? 0) - (times[0] ?? 0)).to.be.greaterThan(400);
    } finally {
      await endGroup(ticker);
    }
  });

  it("by native gRPC is answered on the same port", async () => {
    const reply = await invokeGrpc(mesh, { agent: "echo", token, request: saying("Hello") });
    if (!reply.ok) throw reply.error;
    expect(reply.response.getMessage()?.toObject()).to.include({
      role: "assistant",
      content: "Hello",
    });
    expect(reply.response.getFinishReason()).to.equal("stop");
  });

  it("by native gRPC streams, and ends with OK after its last event", async () => {
    const { events, status } = await streamGrpc(mesh, {
      agent: "echo",
      token,
      request: saying("one two"),
    });
    expect(status.code).to.equal(0);
    expect(events.map((event) => event.getDelta()?.getContent() ?? "")).to.deep.equal([
      "one ",
      "two",
      "",
    ]);
    expect(events.at(-1)?.getDone()?.getFinishReason()).to.equal("stop");
  });

  it("by native gRPC is ended at its caller's deadline by the agent's own word", async () => {
    const ticker = attachAgent(mesh, "ticker");
    try {
      await callable(mesh, "ticker", "1 every 0");
      const call = { agent: "ticker", token, deadlineMs: 700, request: saying("100 every 100") };
      const whole = await invokeGrpc(mesh, call);
      expect(!whole.ok && whole.error.details).to.equal(
        "the answer was not whole at the call's deadline",
      );
      expect(!whole.ok && whole.error.code).to.equal(4);
      const { events, status } = await streamGrpc(mesh, call);
      expect(events.length).to.be.greaterThan(2);
      expect(events.at(-1)?.getError()?.getCode()).to.equal(4);
      expect(status.code).to.equal(0);
    } finally {
      await endGroup(ticker);
    }
  });

  it("by native gRPC holds a conversation, turn after turn", async () => {
    const client = clientFor(mesh);
    const call = client.converse(metadataOf({ agent: "echo", token }));
    const answers: string[] = [];
    const ended = new Promise<number>((resolve) => {
      call.on("error", () => undefined);
      call.on("status", ({ code }: { readonly code: number }) => resolve(code));
    });
    const turns = ["first", "second"];
    const next = (): void => {
      const text = turns.shift();
      if (text === undefined) call.end();
      else call.write(turnOf(text));
    };
    call.on("data", (event: agentPb.StreamEvent) => {
      const text = event.getDelta()?.getContent();
      if (text !== undefined) answers.push(text);
      if (event.hasDone()) next();
    });
    next();
    expect(await ended).to.equal(0);
    client.close();
    expect(answers).to.deep.equal(["first", "second"]);
  });

  it("of /healthz needs no token", async () => {
    const { status } = await callRest(mesh, { method: "GET", path: "/healthz" });
    expect(status).to.equal(200);
  });
});

function turnOf(text: string): agentPb.ConverseRequest {
  const request = new agentPb.ConverseRequest();
  request.setTurn(saying(text));
  return request;
}
