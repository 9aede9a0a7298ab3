import { expect } from "chai";
import { highestRate } from "./rate-search.ts";

describe("The search for the highest rate", () => {
  /** Of a machine that holds so much for a short and for a long step; notes what was tried. */
  const searched = async (short: number, long: number, estimate: number) => {
    const tried: (readonly [number, number])[] = [];
    const holds = (rate: number, seconds: number): Promise<boolean> => {
      tried.push([rate, seconds]);
      return Promise.resolve(rate <= (seconds === 60 ? long : short));
    };
    const found = await highestRate(holds, { estimate, most: 10_000 }, { step: 4, confirm: 60 });
    return { found, tried };
  };

  it("comes within 5 % of what the machine holds, wherever it begins", async () => {
    for (const estimate of [50, 400, 437, 900, 20_000]) {
      const { found = 0, tried } = await searched(437, 437, estimate);
      expect(found, `from ${estimate}`).to.be.within(437 / 1.05 - 1, 437);
      expect(tried.at(-1)).to.deep.equal([found, 60]);
      expect(tried.length, `from ${estimate}`).to.be.lessThan(20);
    }
  });

  it("tries the most at once where the machine seems to hold it, and no more than that", async () => {
    const { found, tried } = await searched(50_000, 50_000, 14_000);
    expect(found).to.equal(10_000);
    expect(tried).to.deep.equal([
      [10_000, 4],
      [10_000, 60],
    ]);
  });

  it("goes lower until a long step holds", async () => {
    const { found = 0, tried } = await searched(400, 300, 400);
    expect(found).to.be.within(260, 300);
    expect(tried.filter(([, seconds]) => seconds === 60).length).to.be.within(2, 5);
  });

  it("believes that a rate is too much when it was tried twice: others' work may have spoiled the first", async () => {
    let noisy = 4;
    const holds = (rate: number): Promise<boolean> => {
      noisy -= 1;
      return Promise.resolve(noisy < 0 && rate <= 2_000);
    };
    const range = { estimate: 2_000, most: 10_000 };
    const found = await highestRate(holds, range, { step: 4, confirm: 60 });
    expect(found).to.be.within(2_000 / 1.05, 2_000);
  });

  it("finds none where nothing holds", async () => {
    expect((await searched(0, 0, 400)).found).to.equal(undefined);
    expect((await searched(400, 0, 400)).found).to.equal(undefined);
  });
});
