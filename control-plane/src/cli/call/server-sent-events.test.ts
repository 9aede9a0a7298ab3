import { expect } from "chai";
import { serverSentEvents } from "./server-sent-events.ts";

describe("server-sent events", () => {
  const text = 'data: {"a":1}\n\n: a comment\ndata:two\r\ndata: lines\r\n\r\nevent: x\n\n';

  for (const size of [1, 3, text.length]) {
    it(`are read whole from pieces of ${size}`, async () => {
      expect(await all(pieces(text, size))).to.deep.equal(['{"a":1}', "two\nlines"]);
    });
  }

  it("are not given out where their end never came", async () => {
    expect(await all(pieces("data: one\n\ndata: tw", 4))).to.deep.equal(["one"]);
  });
});

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function all(body: AsyncIterable<string>): Promise<readonly string[]> {
  const events: string[] = [];
  for await (const event of serverSentEvents(body)) events.push(event);
  return events;
}
