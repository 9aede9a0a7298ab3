import { expect } from "chai";
import { benchOf } from "./bench-of.ts";
import { tablesOf } from "./bench-table.ts";
import { madeUpRow as rowOf } from "./made-up-row.ts";
import { markdownOf } from "./report.ts";

describe("the tables of the bench", () => {
  const run = { machine: "2 × fast", date: "", began: "load 1", ended: "load 2", rounds: 3 };

  it("say what each way adds to the agent itself, with how far rounds lie apart", () => {
    const rows = [
      rowOf("direct", { first: [1, 2, 3], modest: [1, 1, 1] }),
      rowOf("edge", { first: [2, 4, 3.5], modest: [1.5, 1, 1.25] }),
    ];
    const [, , added] = tablesOf(benchOf(rows, run));
    expect(added?.title).to.match(/^added to the agent itself, at 60 calls and 20 streams/);
    const call = "0.25 (0.00–0.50)";
    const first = "1.00 (0.50–2.00)";
    expect(added?.rows.slice(1)).to.deep.equal([["edge", call, call, call, first, first]]);
  });

  it("say nothing of what is added where the agent itself was not measured", () => {
    const titles = tablesOf(benchOf([rowOf("edge", {})], run)).map(({ title }) => title);
    expect(titles).to.have.length(2);
    expect(titles.join()).to.not.contain("added");
  });

  it("are Markdown too", () => {
    const table = {
      title: "all",
      rows: [
        ["", "is"],
        ["edge", "1"],
      ],
    };
    expect(markdownOf(table)).to.equal("all\n\n|  | is |\n|---|---|\n| edge | 1 |\n");
  });
});
