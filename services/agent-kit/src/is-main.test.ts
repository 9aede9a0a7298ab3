// Whether a module is the program.

import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { isMain } from "./is-main.ts";

describe("isMain", () => {
  it("is true only of the module that node was started with", () => {
    const [, program = ""] = process.argv;
    expect(isMain(pathToFileURL(program).href)).to.equal(true);
    expect(isMain(import.meta.url)).to.equal(false);
    expect(isMain("file:///nowhere/at/all.js")).to.equal(false);
  });
});
