import { expect } from "chai";
import { createEventParser, longestEvent, readEventData } from "./sse.ts";

/** The data of a body that comes in these pieces. */
async function dataOf(...pieces: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  const left = pieces.map((piece) =>
    typeof piece === "string" ? new TextEncoder().encode(piece) : piece,
  );
  const read = () => {
    const value = left.shift();
    return Promise.resolve(value === undefined ? { done: true } : { done: false, value });
  };
  const found: string[] = [];
  for await (const data of readEventData({ read })) found.push(data);
  return found;
}

describe("server-sent events", () => {
  it("end with an empty line, whatever ends their lines", async () => {
    expect(await dataOf("data: a\n\ndata: b\r\n\r\ndata: c\r\rdata:d\n\n")).to.deep.equal([
      "a",
      "b",
      "c",
      "d",
    ]);
  });

  it("are the same however the body is cut", async () => {
    const body = new TextEncoder().encode('data: {"grüß":\r\ndata: "🙂"}\r\n\r\ndata: x\r\n\r\n');
    const whole = ['{"grüß":\n"🙂"}', "x"];
    for (let at = 0; at <= body.length; at++) {
      expect(await dataOf(body.slice(0, at), body.slice(at))).to.deep.equal(whole);
    }
    expect(await dataOf(...[...body].map((byte) => Uint8Array.of(byte)))).to.deep.equal(whole);
  });

  it("have comments and fields that say nothing", async () => {
    const body = "\uFEFF: alive\n\nevent: x\nid: 1\nretry: 5\ndata: a\nnonsense\n\nevent: y\n\n";
    expect(await dataOf(body)).to.deep.equal(["a"]);
  });

  it("lose one space of their data, and no more", async () => {
    expect(await dataOf("data:  a: b \n\ndata\n\n")).to.deep.equal([" a: b ", ""]);
  });

  it("are none where the body ends within one", async () => {
    expect(await dataOf("data: a\n\ndata: b\n")).to.deep.equal(["a"]);
    expect(await dataOf("data: a\n\ndata: b")).to.deep.equal(["a"]);
  });

  it("are refused where they have no end", () => {
    const parser = createEventParser();
    const piece = "x".repeat(longestEvent / 4);
    for (let times = 0; times < 4; times++) expect(parser.push(piece)).to.deep.equal([]);
    expect(() => parser.push("x")).to.throw(RangeError);
  });

  it("may be as many as they like", () => {
    const parser = createEventParser();
    const event = `data: ${"x".repeat(1_000_000)}\n\n`;
    for (let times = 0; times < 20; times++) expect(parser.push(event)).to.have.length(1);
  });
});
