import { expect } from "chai";
import { edge } from "./conversation.test.ts";
import { createRefusals } from "./refusals.ts";

describe("what nodes have refused", () => {
  const versions = new Map([["a", "1"]]);

  it("A70 is remembered beyond the stream, and forgotten once the node refuses nothing", () => {
    const refusals = createRefusals();
    refusals.note(edge, "cluster", versions);
    expect(refusals.of(edge)).to.deep.equal({ cluster: versions });
    refusals.note(edge, "cluster", new Map());
    expect(refusals.of(edge)).to.deep.equal({});
  });

  it("A70 is asked again of another version of Envoy", () => {
    const refusals = createRefusals();
    refusals.note(edge, "cluster", versions);
    expect(refusals.of({ ...edge, version: "1.41.0" })).to.deep.equal({});
  });
});
