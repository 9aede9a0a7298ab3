// API4:2023: bodies that are large, deep, many-keyed or packed, over both doors, at a real agent.

import { request as requestHttps } from "node:https";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { residentMegabytes } from "../../bench/process-cost.ts";
import { expectRefusal } from "../../harness/expect-refusal.ts";
import {
  frame,
  frameFlags,
  frameTypes,
  headersFrame,
  openFrames,
} from "../../harness/http2-frames.ts";
import type { Mesh } from "../../harness/mesh.ts";
import { processMarked } from "../../harness/processes.ts";
import { asking, callRest, type RestReply } from "../../harness/rest.ts";
import { sharedMesh } from "../../harness/shared-mesh.ts";

const path = "/v1/agents/echo:invoke";

describe("OWASP API4: bodies", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  let token: string;
  let agentPid: number;
  before(async () => {
    mesh = await sharedMesh();
    token = await mesh.token();
    agentPid = processMarked(mesh.mark, /dist\/echo\.js/);
  });
  afterEach(async () => {
    const reply = await call(asking("hello"));
    expect(reply.status, reply.text).to.equal(200);
    process.kill(agentPid, 0);
  });

  const call = (
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RestReply> => callRest(mesh, { path, token, body, headers });

  it("deep JSON", async () => {
    for (const depth of [200, 10_000, 1_000_000]) {
      const reply = await call(`${"[".repeat(depth)}${"]".repeat(depth)}`);
      expectRefusal(reply, 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
      const nested = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
      const inside = await call(nested);
      expect(inside.status).to.be.oneOf([400, 413]);
    }
  });

  it("JSON with 100,000 keys, and with one key 100,000 times", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1]),
    );
    const reply = await call({ ...many, messages: [{ role: "user", content: "hello" }] });
    expect(reply.status).to.be.oneOf([200, 400]);
    const twice = `{${'"model":"a",'.repeat(100_000)}"messages":[]}`;
    expect((await call(twice)).status).to.equal(400);
  });

  it("100,000 messages, and one that is too long", async () => {
    const messages = Array.from({ length: 100_000 }, () => ({ role: "user", content: "a" }));
    expect((await call({ messages })).status).to.be.oneOf([200, 400, 413]);
    expectRefusal(
      await call(asking("a".repeat(10_000_000))),
      413,
      "INVALID_ARGUMENT",
      "REQUEST_TOO_LARGE",
    );
  });

  it("numbers that no computer holds, and strings that are none", async () => {
    const numbers = ["1e400", "-1e400", "9".repeat(10_000), "NaN", "Infinity", "0x10", "1.5"];
    for (const number of numbers) {
      const reply = await call(
        `{"maxTokens":${number},"messages":[{"role":"user","content":"a"}]}`,
      );
      expectRefusal(reply, 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
    }
    for (const text of ["\\ud800", "\\u0000", "\\u001b[2J", "\\u007f"]) {
      const reply = await call(`{"messages":[{"role":"user${text}","content":"a"}]}`);
      expectRefusal(reply, 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
    }
  });

  it("packed ones: nothing is unpacked that JSON came in", async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000, 32));
    const before = residentMegabytes(agentPid);
    for (const encoding of ["gzip", "deflate", "br", "zstd", "gzip, gzip"]) {
      const status = await sendBytes(mesh, token, bomb, encoding);
      expect(status, encoding).to.equal(400);
    }
    expect(residentMegabytes(agentPid) - before).to.be.lessThan(64);
  });

  it("packed messages of gRPC: none is unpacked beyond what one may have", async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000));
    const before = residentMegabytes(agentPid);
    for (const encoding of ["gzip", "identity", "nonsense"]) {
      const connection = await openFrames({ port: mesh.port, ca: mesh.ca });
      connection.send(
        headersFrame(
          1,
          [
            [":method", "POST"],
            [":scheme", "https"],
            [":authority", "localhost"],
            [":path", "/smartcall.v1.AgentService/Invoke"],
            ["content-type", "application/grpc"],
            ["te", "trailers"],
            ["grpc-encoding", encoding],
            ["smartcall-agent", "echo"],
            ["authorization", `Bearer ${token}`],
          ],
          false,
        ),
        ...messageFrames(bomb),
      );
      const ending = await connection.ending(1, 10_000);
      connection.socket.destroy();
      expect(ending, encoding).to.not.equal("silence");
    }
    expect(residentMegabytes(agentPid) - before).to.be.lessThan(128);
  });
});

function sendBytes(mesh: Mesh, token: string, body: Buffer, encoding: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = requestHttps(
      `${mesh.url}${path}`,
      {
        method: "POST",
        ca: mesh.ca,
        agent: false,
        headers: {
          "content-type": "application/json",
          "content-encoding": encoding,
          authorization: `Bearer ${token}`,
        },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.once("error", reject);
    sent.end(body);
  });
}

/** One packed gRPC message, small enough for the window that a stream begins with, or cut there. */
function messageFrames(packed: Buffer): readonly Buffer[] {
  const head = Buffer.alloc(5);
  head.writeUInt8(1, 0);
  const content = packed.subarray(0, 60_000);
  head.writeUInt32BE(content.length, 1);
  const all = Buffer.concat([head, content]);
  const frames: Buffer[] = [];
  for (let at = 0; at < all.length; at += 16_000) {
    const last = at + 16_000 >= all.length;
    const part = all.subarray(at, at + 16_000);
    frames.push(frame(frameTypes.data, last ? frameFlags.endStream : 0, 1, part));
  }
  return frames;
}
