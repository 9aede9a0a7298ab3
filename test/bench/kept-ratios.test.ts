import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { keptFile, keptRows, worseThanKept } from "./kept-ratios.ts";
import { madeUpRow } from "./made-up-row.ts";
import { type Ratio, ratios } from "./ratios.ts";

describe("ratios that were kept", () => {
  const kept = { edge: 2, kit: 1.5 };

  it("allow for a quarter more", () => {
    expect(worseThanKept([ratio("edge", 2.5), ratio("kit", 0.4)], kept)).to.deep.equal([]);
  });

  it("name what is worse by more, with both figures", () => {
    expect(worseThanKept([ratio("edge", 2.51), ratio("kit", 1.5)], kept)).to.deep.equal([
      { name: "edge", why: "2.51 ×, where 2.00 × was kept: over 2.50 ×" },
    ]);
    const odd = worseThanKept([ratio("kit", Number.NaN)], { kit: 1.5 });
    expect(odd).to.have.length(1);
  });

  it("are missed where there are none", () => {
    const told = { name: "edge", why: "2.00 ×, and nothing was kept of it" };
    expect(worseThanKept([ratio("edge", 2)], {})).to.deep.equal([told]);
    expect(worseThanKept([ratio("edge", 2)], undefined)).to.deep.equal([told]);
  });

  it("are missed where a run does not measure one of them", () => {
    expect(worseThanKept([ratio("edge", 2)], kept)).to.deep.equal([
      { name: "kit", why: "it was kept, and this run does not measure it" },
    ]);
  });

  it("are those of the rows that the short bench measures", () => {
    const kept: object = JSON.parse(readFileSync(join(root, keptFile), "utf8"));
    const found = ratios(keptRows.map((id) => madeUpRow(id, {})));
    const names = found.flatMap(({ name, isQuotient }) => (isQuotient ? [name] : []));
    expect(Object.keys(kept).sort()).to.deep.equal(names.sort());
  });
});

function ratio(name: string, value: number): Pick<Ratio, "name" | "value"> {
  return { name, value };
}
