import { expect } from "chai";
import fc from "fast-check";
import { learn, nextOf, searchOf } from "./search.ts";

/**
 * Searches with a row whose bad parts are these; how many tries it took, and what came of it.
 *
 * @param around whether what is around the parts is bad
 */
function search(parts: number, bad: readonly number[], around = false) {
  let state = searchOf(parts);
  let tries = 0;
  for (;;) {
    const next = nextOf(state);
    if (next.kind !== "try") return { tries, next };
    tries += 1;
    state = learn(state, around || bad.some((index) => index < next.count));
  }
}

describe("the search for a bad part", () => {
  it("finds the first bad one of any row, in few tries", () => {
    const rows = fc
      .integer({ min: 1, max: 500 })
      .chain((parts) =>
        fc.tuple(
          fc.constant(parts),
          fc.array(fc.integer({ min: 0, max: parts - 1 }), { minLength: 1 }),
        ),
      );
    fc.assert(
      fc.property(rows, ([parts, bad]) => {
        const { tries, next } = search(parts, bad);
        expect(next).to.deep.equal({ kind: "found", index: Math.min(...bad) });
        expect(tries).to.be.at.most(Math.ceil(Math.log2(parts + 1)) + 1);
      }),
    );
  });

  it("accuses nothing where all are taken together", () => {
    expect(search(7, []).next).to.deep.equal({ kind: "none" });
    expect(search(0, []).next).to.deep.equal({ kind: "none" });
  });

  it("accuses nothing where it is refused without any of them", () => {
    expect(search(7, [], true).next).to.deep.equal({ kind: "none" });
  });

  it("tries nothing where there is only one part", () => {
    expect(search(1, [0])).to.deep.equal({ tries: 0, next: { kind: "found", index: 0 } });
  });
});
