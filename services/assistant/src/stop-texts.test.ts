// Stop texts, however the text is cut into pieces.

import { expect } from "chai";
import { watchForStops } from "./stop-texts.ts";

function run(pieces: readonly string[], stops: readonly string[]) {
  const watch = watchForStops(stops);
  const out: string[] = [];
  for (const piece of pieces) {
    const { text, stopped } = watch.add(piece);
    out.push(text);
    if (stopped) return { out, stopped };
  }
  return { out: [...out, watch.rest()], stopped: false };
}

describe("stop texts", () => {
  it("let a text through at once where none could begin", () => {
    expect(run(["one ", "two"], ["END"])).to.deep.equal({
      out: ["one ", "two", ""],
      stopped: false,
    });
  });

  it("end a text before them, in whatever pieces they come", () => {
    const text = "answer END more";
    for (let first = 1; first < text.length; first++) {
      for (let second = first + 1; second < text.length; second++) {
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        const { out, stopped } = run(pieces, ["END"]);
        expect(out.join(""), pieces.join("|")).to.equal("answer ");
        expect(stopped).to.equal(true);
      }
    }
  });

  it("give back what only looked like their beginning", () => {
    expect(run(["EN", "D", "EN", "x"], ["ENDED"])).to.deep.equal({
      out: ["", "", "END", "ENx", ""],
      stopped: false,
    });
    expect(run(["wait E", "N"], ["END"]).out).to.deep.equal(["wait ", "", "EN"]);
  });

  it("end a text at the first of several", () => {
    expect(run(["a\n\nUser: b"], ["User:", "\n\n"]).out).to.deep.equal(["a"]);
  });

  it("never match where they are empty", () => {
    expect(run(["abc"], [""])).to.deep.equal({ out: ["abc", ""], stopped: false });
  });
});
