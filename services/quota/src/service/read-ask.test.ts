// What gateways say, in our words.

import { expect } from "chai";
import { readAsk } from "./descriptor.ts";
import { readUsage } from "./usage.ts";

describe("what a gateway says", () => {
  it("of what a call used is believed where it has the right form", () => {
    expect(readUsage("input=12;output=8")).to.deep.equal({ kind: "tokens", input: 12, output: 8 });
    expect(readUsage("input=0;output=0;agent=writer")).to.deep.equal({
      kind: "tokens",
      input: 0,
      output: 0,
      agent: "writer",
    });
    expect(readUsage("unsent")).to.deep.equal({ kind: "unsent" });
    const odd = ["none", "", "input=-1;output=8", "input=1.5;output=8", "output=8;input=1", "x"];
    for (const text of odd) expect(readUsage(text), text).to.deep.equal({ kind: "unknown" });
    expect(readUsage("input=9999999999999999;output=1")).to.include({ input: 1e10 });
  });

  it("is to reserve or to settle, with an id", () => {
    const entries = (said: Readonly<Record<string, string>>) => [
      { entries: Object.entries(said).map(([key, value]) => ({ key, value })) },
    ];
    expect(
      readAsk(
        entries({ phase: "reserve", route: "r", id: "1", "by:subject": "ann", "by:claim:a": "" }),
      ),
    ).to.deep.equal({
      phase: "reserve",
      route: "r",
      id: "1",
      inside: false,
      keys: new Map([
        ["subject", "ann"],
        ["claim:a", ""],
      ]),
    });
    expect(
      readAsk(entries({ phase: "reserve", route: "r", inside: "yes", id: "1" })),
    ).to.deep.include({ inside: true });
    expect(readAsk(entries({ phase: "settle", id: "1" }))).to.deep.equal({
      phase: "settle",
      id: "1",
      usage: { kind: "unknown" },
    });
    const ends = { "none no": "unsent", "none yes": "unknown", "input=1;output=2 no": "tokens" };
    for (const [end, kind] of Object.entries(ends)) {
      const [usage = "", reached = ""] = end.split(" ");
      const ask = readAsk(entries({ phase: "settle", id: "1", usage, reached }));
      expect(ask?.phase === "settle" && ask.usage.kind, end).to.equal(kind);
    }
    for (const said of [
      {},
      { phase: "reserve", id: "1" },
      { phase: "settle" },
      { phase: "x", id: "1" },
    ]) {
      expect(readAsk(entries(said))).to.equal(undefined);
    }
    expect(readAsk([])).to.equal(undefined);
  });
});
