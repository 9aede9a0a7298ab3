import { once } from "node:events";
import { status } from "@grpc/grpc-js";
import { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { detailOf } from "../harness/error-details.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { expectRefusal, messageOf } from "../harness/expect-refusal.ts";
import { clientFor, invokeGrpc, metadataOf, saying, streamGrpc } from "../harness/grpc.ts";
import { callHttp2 } from "../harness/http2.ts";
import { textAt } from "../harness/json.ts";
import { asking, callRest, type RestReply, type RestRequest } from "../harness/rest.ts";
import { answered, boundedMesh, expectBeyond, withEcho } from "./bounded-gateway.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";

const KiB = 1024;

describe("docs/gateway-bounds.md, how large a request may be", function () {
  this.timeout(30_000);
  let agent: ObedientAgent;
  let gateway: TestGateway;
  before(async () => {
    agent = await startObedientAgent();
    gateway = await startGateway(await withEcho(boundedMesh, agent));
  });
  after(async () => {
    await gateway.stop();
    agent.stop();
  });

  const path = "/v1/agents/echo:invoke";
  const request = (more: Partial<RestRequest>): RestRequest => ({
    path,
    token: gateway.token(),
    body: asking("hello"),
    ...more,
  });
  /** By both versions of HTTP. */
  const both = async (more: Partial<RestRequest>): Promise<readonly RestReply[]> => [
    await callRest(gateway, request(more)),
    answered(await callHttp2(gateway, request(more))),
  ];

  it("bounds the body, to the byte, and says the size", async () => {
    const empty = JSON.stringify(asking("")).length;
    for (const reply of await both({ body: asking("a".repeat(64 * KiB - empty)) })) {
      expect(reply.status, reply.text).to.equal(200);
    }
    for (const reply of await both({ body: asking("a".repeat(64 * KiB - empty + 1)) })) {
      expectBeyond(reply, 413, "REQUEST_TOO_LARGE", "body");
      expect(messageOf(reply)).to.contain("64 KiB");
    }
  });

  it("bounds a gRPC call's message, to the byte", async () => {
    const length = (text: string): number => saying(text).serializeBinary().length;
    const most = "a".repeat(64 * KiB - (length("a".repeat(60_000)) - 60_000));
    const call = { agent: "echo", token: gateway.token() };
    expect((await invokeGrpc(gateway, { ...call, request: saying(most) })).ok).to.equal(true);
    const refused = await invokeGrpc(gateway, { ...call, request: saying(`${most}a`) });
    const streamed = await streamGrpc(gateway, { ...call, request: saying(`${most}a`) });
    const statuses = [refused.ok ? undefined : refused.error, streamed.status];
    for (const each of statuses) {
      expect(each?.code).to.equal(status.INVALID_ARGUMENT);
      expect(each?.details).to.contain("64 KiB");
      expect(each?.metadata.get("smartcall-rule")).to.deep.equal(["gateway.bounds.body"]);
    }
  });

  it("bounds no conversation as a whole, and tells the agent how large a turn may be", async () => {
    const client = clientFor(gateway);
    const stream = client.converse(metadataOf({ agent: "echo", token: gateway.token() }));
    const heard: string[] = [];
    stream.on("data", (event: agentPb.StreamEvent) => {
      heard.push(event.getDelta()?.getContent() ?? "");
    });
    const turn = new agentPb.ConverseRequest();
    turn.setTurn(saying("a".repeat(50_000)));
    for (let index = 0; index < 10; index++) stream.write(turn);
    await eventually(() => expect(heard).to.have.length(10));
    // Longer than a request may take to arrive.
    await pause(3_500);
    stream.write(turn);
    stream.end();
    const [end] = await once(stream, "status");
    client.close();
    expect(end).to.include({ code: status.OK });
    expect(heard).to.deep.equal(Array.from({ length: 11 }, () => "50000"));
    expect(agent.seen.at(-1)?.get("smartcall-largest")).to.deep.equal([`${64 * KiB}`]);
  });

  it("bounds all headers together, and their number", async () => {
    const some = { "x-much": "a".repeat(6 * KiB) };
    for (const reply of await both({ headers: some })) expect(reply.status).to.equal(200);
    const much = { "x-much": "a".repeat(8 * KiB) };
    const many = Object.fromEntries(Array.from({ length: 110 }, (_, at) => [`x-${at}`, "a"]));
    for (const headers of [much, many]) {
      for (const reply of await both({ headers })) {
        expectBeyond(reply, 431, "HEADERS_TOO_LARGE", "headers");
        expect(messageOf(reply)).to.contain("8 KiB");
      }
    }
    const call = { agent: "echo", token: gateway.token(), request: saying("hello") };
    const grpc = await invokeGrpc(gateway, { ...call, metadata: much });
    const error = grpc.ok ? undefined : grpc.error;
    expect(error?.code).to.equal(status.INVALID_ARGUMENT);
    expect(error?.metadata.get("smartcall-rule")).to.deep.equal(["gateway.bounds.headers"]);
  });

  it("reads no headers far beyond", async () => {
    const headers = { "x-much": "a".repeat(140 * KiB) };
    const reply = await callRest(gateway, request({ headers }));
    expect(reply.status).to.equal(431);
    expect(textAt(detailOf(reply, "ErrorInfo"), "reason")).to.equal("HEADERS_TOO_LARGE");
    expect(await callHttp2(gateway, request({ headers }))).to.have.property("reset");
  });

  it("bounds the path with its query, also of a path that nothing is at", async () => {
    for (const long of [`${path}?${"a".repeat(250)}`, `/${"b".repeat(260)}`]) {
      for (const reply of await both({ path: long })) {
        expectBeyond(reply, 414, "PATH_TOO_LONG", "path");
        expect(messageOf(reply)).to.contain("256 B");
      }
    }
    const known = await both({ path: `/${"b".repeat(255)}` });
    for (const reply of known) expectRefusal(reply, 404, "NOT_FOUND", "UNKNOWN_PATH");
  });

  it("takes JSON that is nested 100 deep, and no deeper", async () => {
    const nested = (depth: number): string => {
      const [open, close] = ['{"a":'.repeat(depth), "}".repeat(depth)];
      return JSON.stringify(asking("hello")).replace(/}$/, `,"metadata":${open}1${close}}`);
    };
    // The request itself is the first level.
    for (const { status: http, text } of await both({ body: nested(99) })) {
      expect(http, text).to.equal(200);
    }
    for (const deep of await both({ body: nested(100) })) {
      expectRefusal(deep, 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
      expect(messageOf(deep)).to.contain("too deep");
    }
  });

  it("changes sizes while a stream runs, and keeps the listener", async () => {
    let text = boundedMesh;
    let described = await withEcho(text, agent);
    const changed = await startGateway((parts) => described(parts));
    const save = async (from: string, to: string): Promise<void> => {
      text = text.replace(from, to);
      described = await withEcho(text, agent);
      await changed.publish([]);
    };
    try {
      const token = changed.token();
      const words = Array.from({ length: 40 }, (_, at) => `w${at}`).join(" ");
      const stream = callRest(changed, {
        path: "/v1/agents/echo:stream",
        token,
        body: asking(words),
      });
      await pause(300);
      await save("body: 64KiB", "body: 1KiB");
      await save("path: 256B", "path: 64B");
      await save("headers: 8KiB", "headers: 16KiB");
      const call = { path: "/v1/agents/echo:invoke", token };
      await eventually(async () => {
        const large = await callRest(changed, { ...call, body: asking("a".repeat(2_000)) });
        expect(messageOf(large)).to.contain("1 KiB");
        const long = await callRest(changed, { ...call, path: `/${"a".repeat(70)}` });
        expect(messageOf(long)).to.contain("64 B");
        const headers = { "x-much": "a".repeat(12 * KiB) };
        expect((await callRest(changed, { ...call, headers, body: asking("a") })).status).to.equal(
          200,
        );
      });
      expect((await stream).text.match(/"delta"/g)).to.have.length(40);
      expect(await changed.stat("listener_manager.listener_modified")).to.equal(0);
      expect(changed.refused).to.deep.equal([]);
    } finally {
      await changed.stop();
    }
  });
});
