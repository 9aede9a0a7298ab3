// The limit of open files, as it is read.

import { expect } from "chai";
import { openFilesLimit } from "./open-files.ts";

describe("the limit of open files", () => {
  const line = "Max open files            1024                 524288               files     \n";

  it("is the one in force, or what systems give at least where it cannot be known", () => {
    expect(openFilesLimit(() => `Max processes 1 1\n${line}`)).to.equal(1_024);
    expect(openFilesLimit(() => line.replace("1024  ", "unlimited "))).to.be.above(1e9);
    expect(openFilesLimit(() => "")).to.equal(1_024);
    const failing = (): string => {
      throw new Error("ENOENT");
    };
    expect(openFilesLimit(failing)).to.equal(1_024);
  });
});
