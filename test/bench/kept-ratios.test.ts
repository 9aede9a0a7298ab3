import { expect } from "chai";
import { worseThanKept } from "./kept-ratios.ts";
import type { Ratio } from "./ratios.ts";

describe("ratios that were kept", () => {
  const kept = { edge: 2, kit: 1.5 };

  it("allow for a quarter more", () => {
    expect(worseThanKept([ratio("edge", 2.5), ratio("kit", 0.4)], kept)).to.deep.equal([]);
  });

  it("name what is worse by more, with both figures", () => {
    expect(worseThanKept([ratio("edge", 2.51), ratio("kit", 1.5)], kept)).to.deep.equal([
      { name: "edge", why: "2.51 ×, where 2.00 × was kept: over 2.50 ×" },
    ]);
    expect(worseThanKept([ratio("kit", Number.NaN)], kept)).to.have.length(1);
  });

  it("are missed where there are none", () => {
    const told = { name: "edge", why: "2.00 ×, and nothing was kept of it" };
    expect(worseThanKept([ratio("edge", 2)], {})).to.deep.equal([told]);
    expect(worseThanKept([ratio("edge", 2)], undefined)).to.deep.equal([told]);
  });
});

function ratio(name: string, value: number): Ratio {
  return { name, value, most: 1, unit: "×", met: false };
}
