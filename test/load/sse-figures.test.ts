import { expect } from "chai";
import { nothingHeard } from "./heard.ts";
import { sseFigures } from "./sse-figures.ts";

describe("Streams by server-sent events", () => {
  const limits = { firstMs: 100, tokenMs: 40 };
  const stream = (firstMs: number, lastMs: number) => ({
    ...nothingHeard,
    firstMs,
    lastMs,
    tokens: 10,
    whole: true,
  });
  const missed = (...args: Parameters<typeof sseFigures>): readonly string[] =>
    sseFigures(...args).figures.flatMap(({ what, met }) => (met === false ? [what] : []));

  it("are held to be whole, to begin in time, and to keep the pace", () => {
    const whole = [stream(30, 250), stream(40, 260)];
    expect(missed({ begun: 2, whole, failures: [] }, limits)).to.deep.equal([]);
    expect(missed({ begun: 3, whole, failures: ["200, 3 of 10"] }, limits)).to.deep.equal([
      "streams by SSE that were whole",
    ]);
    const slow = [stream(30, 250), stream(130, 500)];
    expect(missed({ begun: 2, whole: slow, failures: [] }, limits)).to.deep.equal([
      "first event by SSE, P95",
      "time of a token by SSE, P95",
    ]);
  });

  it("are only told their pace where they are held to none", () => {
    const slow = [stream(30, 9_000)];
    expect(missed({ begun: 1, whole: slow, failures: [] }, { firstMs: 100 })).to.deep.equal([]);
  });

  it("miss everything where there were none", () => {
    expect(missed({ begun: 0, whole: [], failures: [] }, limits)).to.have.length(3);
  });

  it("tell the first that failed", () => {
    const failures = Array.from({ length: 9 }, (_, at) => `stream ${at}`);
    const told = sseFigures({ begun: 9, whole: [], failures }, limits).failures;
    expect(told).to.have.length(5);
    expect(told[0]).to.equal("a stream by SSE: stream 0");
  });
});
