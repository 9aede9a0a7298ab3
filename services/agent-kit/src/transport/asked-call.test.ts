// What a call of the contract may look like on the wire, beyond what grpc-js's own client sends.

import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import { gzipSync } from "node:zlib";
import { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { largestMessage } from "../largest-message.ts";
import { delta } from "../pieces.ts";
import { userSays } from "../testing/ask-wire.ts";
import { type ServedAgent, serveForTest } from "../testing/served-agent.ts";

describe("a call of the contract on the wire", function () {
  this.timeout(10_000);
  let served: ServedAgent;
  let session: ClientHttp2Session;
  before(async () => {
    served = await serveForTest({
      name: "poet",
      async *stream({ deadline, lastUserText }) {
        yield delta(deadline === undefined ? lastUserText : "in time");
      },
    });
    session = connect(`http://${served.server.address}`);
  });
  after(async () => {
    session.close();
    await served.close();
  });

  const ask = async (
    parts: readonly Buffer[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly bytes: Buffer; readonly ends: IncomingHttpHeaders }> => {
    const stream = session.request({
      ":method": "POST",
      ":path": "/smartcall.v1.AgentService/Invoke",
      "content-type": "application/grpc",
      te: "trailers",
      ...more,
    });
    let ends: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on("response", (headers) => {
      ends = headers;
    });
    stream.on("trailers", (trailers) => {
      ends = trailers;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    for (const part of parts) {
      await new Promise<void>((resolve) => {
        stream.write(part, () => setImmediate(resolve));
      });
    }
    stream.end();
    await new Promise((resolve) => stream.once("close", resolve));
    return { bytes: Buffer.concat(chunks), ends };
  };
  const textIn = (bytes: Buffer): string =>
    agentPb.InvokeResponse.deserializeBinary(bytes.subarray(5)).getMessage()?.getContent() ?? "";

  it("is read however its bytes are cut", async () => {
    const framed = frame(request);
    const { bytes, ends } = await ask([
      framed.subarray(0, 3),
      framed.subarray(3, 9),
      framed.subarray(9),
    ]);
    expect(textIn(bytes)).to.equal("hello");
    expect(ends).to.include({ "grpc-status": "0", "smartcall-usage": "input=0;output=0" });
  });

  it("may be compressed, by what its answer names", async () => {
    const { bytes } = await ask([frame(gzipSync(request), 1)], { "grpc-encoding": "gzip" });
    expect(textIn(bytes)).to.equal("hello");
    const unknown = await ask([frame(request, 1)], { "grpc-encoding": "snappy" });
    expect(unknown.ends["grpc-status"]).to.equal("12");
    const lying = await ask([frame(request, 1)], { "grpc-encoding": "gzip" });
    expect(lying.ends["grpc-status"]).to.equal("13");
    const bomb = gzipSync(Buffer.alloc(largestMessage + 1));
    const burst = await ask([frame(bomb, 1)], { "grpc-encoding": "gzip" });
    expect(burst.ends["grpc-status"]).to.equal("13");
  });

  it("is refused without a message, with two, or with a part of one", async () => {
    const framed = frame(request);
    for (const parts of [[], [framed, framed], [framed.subarray(0, -1)]]) {
      const { bytes, ends } = await ask(parts);
      expect(ends["grpc-status"]).to.equal("12");
      expect(bytes).to.have.length(0);
    }
  });

  it("is refused where its message is larger than any may be", async () => {
    const { ends } = await ask([frame(Buffer.alloc(largestMessage + 1))]);
    expect(ends["grpc-status"]).to.equal("8");
  });

  it("has the deadline that it says, in any unit, and is refused where that is none", async () => {
    for (const timeout of ["1H", "5M", "9S", "9000m", "9000000u", "99999999n"]) {
      const { bytes } = await ask([frame(request)], { "grpc-timeout": timeout });
      expect(textIn(bytes), timeout).to.equal("in time");
    }
    const { ends } = await ask([frame(request)], { "grpc-timeout": "soon" });
    expect(ends["grpc-status"]).to.equal("13");
  });

  it("is answered 415 where it is no gRPC, and UNIMPLEMENTED where there is no such method", async () => {
    const other = await ask([frame(request)], { "content-type": "application/json" });
    expect(other.ends[":status"]).to.equal(415);
    const path = "/smartcall.v1.AgentService/Whisper";
    expect((await ask([frame(request)], { ":path": path })).ends["grpc-status"]).to.equal("12");
  });
});

const request = Buffer.from(userSays("hello").serializeBinary());

function frame(message: Uint8Array, compressed = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
