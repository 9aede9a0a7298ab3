// Text from tokens that hold bytes, as models have them.

import { expect } from "chai";
import { tokenText } from "./token-text.ts";

type Bytes = readonly number[];

function decode(tokens: readonly Bytes[]): string {
  return new TextDecoder().decode(Uint8Array.from(tokens.flat()));
}

describe("text from tokens", () => {
  const text = "a é 日本 😀👩‍👧 \uFFFD!";
  const bytes = [...new TextEncoder().encode(text)];

  it("never splits a character, however its bytes are cut into tokens", () => {
    for (let size = 1; size <= 7; size++) {
      const next = tokenText<Bytes>(decode, []);
      const pieces: string[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(next(bytes.slice(at, at + size)));
      expect(pieces.join(""), `${size} bytes a token`).to.equal(text);
      for (const piece of pieces) {
        expect(text.split("")).to.include.members(piece.split(""));
        expect(encodeURIComponent.bind(null, piece)).not.to.throw();
      }
    }
  });

  it("gives a word as soon as its token is there", () => {
    const next = tokenText<Bytes>(decode, []);
    expect(next([97, 98])).to.equal("ab");
    expect(next([0xf0, 0x9f])).to.equal("");
    expect(next([0x98])).to.equal("");
    expect(next([0x80, 99])).to.equal("😀c");
  });

  it("gives the whole characters of a token that ends inside another", () => {
    const next = tokenText<Bytes>(decode, []);
    expect(next([97, 0xc3])).to.equal("a");
    expect(next([0xa9, 0xc3])).to.equal("é");
    expect(next([0xa8])).to.equal("è");
  });

  it("goes on after bytes that never become a character", () => {
    const next = tokenText<Bytes>(decode, []);
    expect(next([0xff])).to.equal("");
    expect(next([97])).to.equal("\uFFFDa");
  });

  it("shows the tokenizer the tokens before", () => {
    const seen: string[] = [];
    const next = tokenText<string>(
      (tokens, before) => {
        seen.push(before.join(""));
        return tokens.join("");
      },
      ["w", "x", "y", "z"],
    );
    next("a");
    next("b");
    expect(seen).to.deep.equal(["xyz", "yza"]);
  });
});
