import { expect } from "chai";
import { delta, finish, isPiece, noPiece, usage } from "./pieces.ts";

describe("a piece of an answer", () => {
  it("is what delta, usage and finish make", () => {
    const pieces = [delta("a"), usage({ inputTokens: 0, outputTokens: 2 }), finish("length")];
    expect(pieces.map(isPiece)).to.deep.equal([true, true, true]);
  });

  for (const [what, yielded] of [
    ["a number", 5],
    ["a text", "hello"],
    ["null", null],
    ["nothing", undefined],
    ["an object of another kind", { kind: "word", text: "a" }],
    ["a delta of no text", { kind: "delta", text: 5 }],
    ["a usage of one count", { kind: "usage", usage: { inputTokens: 1 } }],
    ["a usage of a negative count", { kind: "usage", usage: { inputTokens: 1, outputTokens: -1 } }],
    ["a finish of no reason that there is", { kind: "finish", reason: "bored" }],
  ] as const) {
    it(`is not ${what}`, () => {
      expect(isPiece(yielded)).to.equal(false);
    });
  }

  it("is asked for without telling what came in its place", () => {
    expect(noPiece("the password")).to.match(/^stream\(\) yielded a value of type string, .*delta/);
    expect(noPiece(null)).to.contain("yielded null");
  });
});
