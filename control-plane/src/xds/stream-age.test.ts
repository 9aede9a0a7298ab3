import { expect } from "chai";
import { streamAge } from "./stream-age.ts";

describe("how long a stream may last", () => {
  it("A85 is another while for each, between nine and eleven hours", () => {
    expect(streamAge(0)).to.equal(9 * 3_600_000);
    expect(streamAge(1)).to.equal(11 * 3_600_000);
    expect(new Set([0.1, 0.2, 0.3].map(streamAge)).size).to.equal(3);
  });
});
