import { expect } from "chai";
import { endOfText } from "./end-of-text.ts";

describe("the place where a file ceases to be text", () => {
  const placeIn = (...parts: readonly (string | readonly number[])[]): string => {
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
    const { line, column } = endOfText(bytes);
    return `${line}:${column}`;
  };

  it("is its first byte that is not UTF-8", () => {
    expect(placeIn([0xff, 0xfe])).to.equal("1:1");
    expect(placeIn("mesh: a", [0xff])).to.equal("1:8");
    expect(placeIn("mesh: a\nagents:\r\n  caf", [0xe9], ": {}\n", [0xff])).to.equal("3:6");
  });

  it("counts characters, not bytes, and not the mark at the beginning", () => {
    expect(placeIn([0xef, 0xbb, 0xbf], "äöü\ufffd", [0xff])).to.equal("1:5");
  });

  it("is the beginning of a character that has no end", () => {
    expect(placeIn("a", [0xef, 0xbf], "b")).to.equal("1:2");
    expect(placeIn("ab", [0xe2, 0x82])).to.equal("1:3");
  });
});
