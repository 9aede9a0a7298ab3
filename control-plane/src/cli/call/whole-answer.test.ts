import { expect } from "chai";
import { readProblem } from "./answer.ts";
import { brokenStream, eventCount } from "./whole-answer.ts";

describe("an answer that broke off", () => {
  it("is told as the gateway tells errors, with its reason and the request", () => {
    expect(readProblem(undefined, brokenStream("r-1"))).to.equal(
      "The stream broke off: what came is only a part of the answer. (STREAM_BROKEN, fault agent, try again later, request r-1)",
    );
    expect(readProblem(undefined, brokenStream(undefined))).to.not.include("request");
  });

  it("is known by an event that is missing, or comes twice", () => {
    const counted = (...sequences: readonly (number | undefined)[]): readonly boolean[] => {
      const isNext = eventCount();
      return sequences.map(isNext);
    };
    expect(counted(1, 2, undefined, 4)).to.deep.equal([true, true, true, true]);
    expect(counted(1, 3)).to.deep.equal([true, false]);
    expect(counted(1, 1)).to.deep.equal([true, false]);
    expect(counted(2)).to.deep.equal([false]);
  });
});
