import { expect } from "chai";
import { testClient } from "./testing/client.ts";

const url = "http://127.0.0.1:1";

/** What a client and its calls may both be given. */
const senseless = [
  { retries: -1 },
  { retries: 0.5 },
  { timeoutMs: 0 },
  { timeoutMs: -1 },
  { timeoutMs: Number.NaN },
  { timeoutMs: Number.POSITIVE_INFINITY },
];

describe("choices that make no sense", () => {
  it("are refused when a client is made", () => {
    expect(() => testClient({ url: "ftp://x" })).to.throw(TypeError, "ftp://x");
    expect(() => testClient({ url: "localhost" })).to.throw(TypeError);
    for (const options of senseless) {
      const [name = ""] = Object.keys(options);
      expect(() => testClient({ url, ...options }), name).to.throw(TypeError, name);
    }
  });

  it("are refused where a call is asked for, before a piece of it is", async () => {
    const agent = testClient({ url }).agent("a");
    for (const options of [...senseless, { traceparent: "x" }]) {
      const [name = ""] = Object.keys(options);
      const thrown: unknown = await agent.invoke("x", options).catch((error: unknown) => error);
      expect(thrown, name).to.be.instanceOf(TypeError);
      expect(() => agent.stream("x", options), name).to.throw(TypeError, name);
    }
  });
});
