// What docs/gateway-bounds.md says of a gateway's bounds holds for the mesh that it shows.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { detailOf } from "../harness/error-details.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { expectRefusal, messageOf } from "../harness/expect-refusal.ts";
import { clientFor, invokeGrpc, metadataOf, saying, streamGrpc } from "../harness/grpc.ts";
import { callHttp2, callOn, type Http2Reply, openHttp2 } from "../harness/http2.ts";
import { textAt } from "../harness/json.ts";
import { connectRaw, hear } from "../harness/raw-http.ts";
import { asking, callRest, type RestReply, type RestRequest } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const page = readFileSync(join(root, "docs", "gateway-bounds.md"), "utf8");
const [, example = ""] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
const KiB = 1024;

describe("docs/gateway-bounds.md", function () {
  this.timeout(30_000);
  let agent: ObedientAgent;
  before(async () => {
    agent = await startObedientAgent();
  });
  after(() => agent.stop());

  /** A gateway of the mesh that the page shows. */
  const start = async (text: string): Promise<TestGateway> => {
    const address = { kind: "ip", host: "127.0.0.1", port: agent.port } as const;
    const instance = { id: "one", healthy: true, zone: "here", version: "1", address };
    const instances = (): Map<string, readonly (typeof instance)[]> =>
      new Map([["echo", [instance]]]);
    return startGateway(await writtenMesh(text, {}, { instances }));
  };

  describe("what a request may be", () => {
    let gateway: TestGateway;
    before(async () => {
      gateway = await start(example);
    });
    after(() => gateway.stop());

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
    const refusedBy = (reply: RestReply, http: number, reason: string, bound: string): void => {
      const code = http === 408 ? "DEADLINE_EXCEEDED" : "INVALID_ARGUMENT";
      expectRefusal(reply, http, code, reason);
      const rule = `gateway.bounds.${bound}`;
      expect(reply.headers["smartcall-rule"]).to.equal(rule);
      expect(textAt(detailOf(reply, "ErrorInfo"), "metadata", "rule")).to.equal(rule);
      expect(textAt(detailOf(reply, "ErrorInfo"), "metadata", "fault")).to.equal("client");
    };

    it("bounds the body, to the byte, and says the size", async () => {
      const empty = JSON.stringify(asking("")).length;
      for (const reply of await both({ body: asking("a".repeat(64 * KiB - empty)) })) {
        expect(reply.status, reply.text).to.equal(200);
      }
      for (const reply of await both({ body: asking("a".repeat(64 * KiB - empty + 1)) })) {
        refusedBy(reply, 413, "REQUEST_TOO_LARGE", "body");
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
          refusedBy(reply, 431, "HEADERS_TOO_LARGE", "headers");
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
          refusedBy(reply, 414, "PATH_TOO_LONG", "path");
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
      const [reply] = await both({ body: nested(90) });
      expect(reply?.status, reply?.text).to.equal(200);
      for (const deep of await both({ body: nested(101) })) {
        expectRefusal(deep, 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
        expect(messageOf(deep)).to.contain("too deep");
      }
    });

    it("bounds how long a body may take, and then says so", async () => {
      const slow = openHttp2(gateway);
      const began = performance.now();
      const twice = await Promise.all([
        slowBody(gateway, request({})),
        callOn(slow, request({ body: '{"messages"' }), { hold: true }).then(answered),
      ]);
      expect(performance.now() - began).to.be.within(2_500, 10_000);
      slow.destroy();
      for (const reply of twice) refusedBy(reply, 408, "REQUEST_TIMEOUT", "requestTime");
    });

    it("bounds how long headers may take", async () => {
      const socket = await connectRaw(gateway);
      socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\nx-slow: `);
      const began = performance.now();
      const { closed, text } = await hear(socket, 8_000);
      expect(performance.now() - began).to.be.within(500, 7_000);
      expect(closed).to.equal(true);
      expect(text)
        .to.match(/^HTTP\/1.1 408 /)
        .and.contain('"rule":"gateway.bounds.headersTime"');
    });

    it("bounds how long the handshake may take", async () => {
      const socket = connectPlain(gateway.port, "127.0.0.1");
      const began = performance.now();
      await closed(socket);
      expect(performance.now() - began).to.be.within(500, 7_000);
    });

    it("tells HTTP/2 clients how many calls they may have at once", async () => {
      const session = openHttp2(gateway);
      const [settings] = await once(session, "remoteSettings");
      expect(settings).to.include({ maxConcurrentStreams: 5 });
      session.destroy();
    });

    it("closes connections that are idle", async () => {
      const socket = await connectRaw(gateway);
      const session = openHttp2(gateway);
      const gone = once(session, "goaway");
      await once(session, "connect");
      const began = performance.now();
      expect((await hear(socket, 15_000)).closed).to.equal(true);
      await gone;
      expect(performance.now() - began).to.be.within(1_500, 14_000);
    });

    it("closes connections beyond as many as there may be", async () => {
      const held: Socket[] = [];
      try {
        for (let index = 0; index < 40; index++) held.push(await connectRaw(gateway));
        expect(await failure(() => connectRaw(gateway))).to.match(/reset|hang up|disconnected/i);
      } finally {
        for (const socket of held) socket.destroy();
      }
      await eventually(async () => (await connectRaw(gateway)).destroy());
    });
  });

  it("closes connections that begin too fast", async () => {
    const gateway = await start(example.replace("newConnections: 200", "newConnections: 5"));
    try {
      await pause(1_100);
      const open = Array.from({ length: 30 }, () =>
        failure(async () => {
          (await connectRaw(gateway)).destroy();
        }),
      );
      const ends = await Promise.all(open);
      expect(ends.filter((end) => end === "").length).to.be.within(1, 20);
      await eventually(async () => (await connectRaw(gateway)).destroy());
    } finally {
      await gateway.stop();
    }
  });
});

function answered(reply: Http2Reply): RestReply {
  if ("reset" in reply) throw new Error(`the stream was reset: ${reply.reset}`);
  return reply;
}

/** Sends a part of the body, and waits. */
async function slowBody(gateway: TestGateway, { path, token }: RestRequest): Promise<RestReply> {
  const socket = await connectRaw(gateway);
  const lines = [
    `POST ${path} HTTP/1.1`,
    "host: localhost",
    `authorization: Bearer ${token}`,
    "content-type: application/json",
    "content-length: 100",
    "",
    '{"messages"',
  ];
  socket.write(lines.join("\r\n"));
  const { text } = await hear(socket, 10_000);
  const [head = "", body = ""] = text.split("\r\n\r\n");
  const [first = "", ...others] = head.split("\r\n");
  const headers = Object.fromEntries(
    others.map((line) => [line.split(": ")[0]?.toLowerCase() ?? "", line.split(": ")[1] ?? ""]),
  );
  const json: unknown = JSON.parse(body);
  return { status: Number(first.split(" ")[1]), headers, text: body, json };
}

/** What it fails with; "" where it does not. */
async function failure(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return "";
  } catch (error) {
    return String(error);
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on("error", () => undefined);
    socket.once("close", () => resolve());
    socket.resume();
  });
}
