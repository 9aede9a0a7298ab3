// What failed system calls mean for an operator.

import { expect } from "chai";
import { problemOf } from "./outcome.ts";

describe("a failed system call", () => {
  for (const code of ["ENOSPC", "EDQUOT", "EFBIG"]) {
    it(`${code} is a full disk`, () => {
      expect(problemOf(systemError(code), "/state/a").kind).to.equal("full");
    });
  }

  for (const code of ["EACCES", "EPERM", "EROFS"]) {
    it(`${code} is a missing permission`, () => {
      const { kind, message } = problemOf(systemError(code), "/state/a");
      expect(kind).to.equal("denied");
      expect(message).to.include("/state/a").and.include(code);
    });
  }

  it("any other keeps its own words", () => {
    const { kind, message } = problemOf(systemError("EIO"), "/state/a");
    expect(kind).to.equal("failed");
    expect(message).to.include("EIO happened");
  });
});

function systemError(code: string): Error {
  return Object.assign(new Error(`${code} happened`), { code });
}
