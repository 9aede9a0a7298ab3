import { expect } from "chai";
import { readPlainDocument } from "./plain-document.ts";
import {
  byLibrary,
  expectSameAsLibrary,
  expectSameWithSlips,
  mesh,
} from "./same-as-library.test.ts";

describe("the quick reading of simple YAML", () => {
  it("gives what the library gives, with every place, or leaves it to the library", () => {
    expectSameAsLibrary(5_000);
  }).timeout(30_000);

  it("does so for a mesh with slips of the hand", () => {
    expectSameWithSlips(2_000);
  }).timeout(30_000);

  it("reads what people write in a mesh", () => {
    expect(readPlainDocument("m", mesh)).to.deep.equal(byLibrary(mesh));
  });

  it("leaves to the library whatever could be a mistake", () => {
    for (const text of [
      "a: 1\na: 2\n",
      "a: 1\n  b: 2\n",
      "a:\n  b: 1\n c: 2\n",
      "a: b: c\n",
      "a: [1, 2\n",
      "a: 'x' y\n",
      "a:\tb\n",
      `a: ${"x".repeat(2_000)}\n`,
      `a: ${"[".repeat(20)}${"]".repeat(20)}\n`,
      " a: 1\n",
      mesh.replace("echo", '"echo"'),
      mesh.replaceAll("\n", "\r\n"),
      "- a\n",
      "word\n",
      "",
    ]) {
      expect(readPlainDocument("m", text), text).to.equal(undefined);
    }
  });

  it("leaves secrets to the library, which reports them", () => {
    const secret = `AKIA${"A".repeat(16)}`;
    for (const text of [`a: ${secret}\n`, `a: [ '${secret}' ]\n`]) {
      expect(readPlainDocument("m", text)).to.equal(undefined);
    }
  });
});
