import { expect } from "chai";
import { dueCalls } from "./due-calls.ts";

describe("Calls of a steady rate", () => {
  const pace = {
    perSecond: 60,
    elapsedMs: 2_000,
    begun: 110,
    dropped: 4,
    pending: 9,
    mostPending: 100,
  };

  it("begin once they are due", () => {
    expect(dueCalls(pace)).to.deep.equal({ begin: 6, drop: 0 });
    expect(dueCalls({ ...pace, begun: 116 })).to.deep.equal({ begin: 0, drop: 0 });
  });

  it("are dropped, and counted, where too many are under way", () => {
    expect(dueCalls({ ...pace, pending: 98 })).to.deep.equal({ begin: 2, drop: 4 });
    expect(dueCalls({ ...pace, pending: 100 })).to.deep.equal({ begin: 0, drop: 6 });
  });
});
