// Answers leave an agent whole.

import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { AgentServiceClient } from "@smartcall/protos";
import { expect } from "chai";
import { delta } from "../pieces.ts";
import { invoke, readAll, userSays } from "../testing/ask-wire.ts";
import { serveForTest } from "../testing/served-agent.ts";
import { createHalfAnswers } from "./half-answers.ts";

describe("the connection of an agent's server", () => {
  it("sends each answer in one go, however many there are, and of a stream each event as it comes", async () => {
    let hears = (): void => undefined;
    const heard = new Promise<void>((resolve) => {
      hears = resolve;
    });
    const { close, server } = await serveForTest({
      name: "poet",
      async *stream({ lastUserText }) {
        yield delta(lastUserText);
        if (lastUserText === "slowly") await heard;
        yield delta(".");
      },
    });
    const [host = "", port = ""] = server.address.split(":");
    const half = createHalfAnswers();
    let reads = 0;
    let torn = 0;
    const path = join(tmpdir(), `smartcall-tap-${process.pid}.sock`);
    const tap = createServer((caller) => {
      const agent = connect(Number(port), host);
      caller.pipe(agent);
      agent.on("data", (bytes: Buffer) => {
        half.note(bytes);
        reads += 1;
        if (half.any()) torn += 1;
        caller.write(bytes);
      });
      agent.on("close", () => caller.destroy());
    });
    await new Promise<void>((resolve) => tap.listen(path, resolve));
    const client = new AgentServiceClient(`unix:${path}`, credentials.createInsecure());
    for (let time = 0; time < 20; time += 1) {
      await Promise.all([1, 2, 3].map(() => invoke(client, userSays("hello"))));
    }
    expect(reads).to.be.at.least(20);
    expect(torn).to.equal(0);
    // So does a stream that an agent says without waiting in between.
    const said = ['"hello"', '"."', "done stop", "status OK"];
    for (let time = 0; time < 20; time += 1) {
      const streams = [1, 2, 3].map(() => readAll(client.stream(userSays("hello"))));
      expect(await Promise.all(streams)).to.deep.equal([said, said, said]);
    }
    expect(torn).to.equal(0);

    // It says no more until its first event was heard.
    const stream = client.stream(userSays("slowly"));
    stream.once("data", hears);
    expect(await readAll(stream)).to.deep.equal(['"slowly"', '"."', "done stop", "status OK"]);
    expect(torn).to.be.greaterThan(0);
    client.close();
    tap.close();
    await close();
  });
});

describe("the answers that are half written", () => {
  const frame = (kind: number, flags: number, stream: number, length: number): Buffer => {
    const bytes = Buffer.alloc(9 + length);
    bytes.writeUIntBE(length, 0, 3);
    bytes.set([kind, flags], 3);
    bytes.writeUInt32BE(stream, 5);
    return bytes;
  };

  it("are told by their frames, wherever those are cut", () => {
    const half = createHalfAnswers();
    const bytes = Buffer.concat([frame(4, 0, 0, 6), frame(1, 4, 3, 20), frame(0, 0, 3, 300)]);
    for (const byte of bytes) half.note(Uint8Array.of(byte));
    expect(half.any()).to.equal(true);
    half.note(frame(1, 5, 3, 4));
    expect(half.any()).to.equal(false);
  });

  it("are no more where they were reset, or let go until they have ended", () => {
    const half = createHalfAnswers();
    half.note(frame(1, 4, 3, 20));
    half.note(frame(3, 0, 3, 4));
    expect(half.any()).to.equal(false);
    half.note(frame(1, 4, 5, 20));
    half.letGo();
    half.note(frame(0, 0, 5, 20));
    expect(half.any()).to.equal(false);
    half.note(frame(1, 5, 5, 20));
    half.note(frame(1, 4, 5, 20));
    expect(half.any()).to.equal(true);
    half.over(5);
    expect(half.any()).to.equal(false);
    half.inParts(7);
    half.note(frame(1, 4, 7, 20));
    expect(half.any()).to.equal(false);
  });
});
