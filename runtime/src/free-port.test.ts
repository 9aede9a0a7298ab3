import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "chai";
import { freePort, isFreePort, passingPorts as range } from "./free-port.ts";

describe("a free port", () => {
  /** The chance that chooses a port. */
  const chanceOf = (port: number) => (port - range.first + 0.5) / (range.last - range.first + 1);
  const someFree = async () => (await freePort(range, Math.random)) ?? 0;

  it("is chosen by chance, and neither one that others listen on nor one that is taken", async () => {
    const [held, taken, free] = [await someFree(), await someFree(), await someFree()];
    const holder = createServer().listen(held, "127.0.0.1");
    await once(holder, "listening");
    expect(await isFreePort(held)).to.equal(false);
    const chances = [held, taken, free].map(chanceOf);
    expect(await freePort(range, () => chances.shift() ?? 0, [taken])).to.equal(free);
    expect(chances).to.deep.equal([]);
    holder.close();
    await once(holder, "close");
    expect(await isFreePort(held)).to.equal(true);
  });

  it("is looked for a hundred times, and not without end, where none can be had", async () => {
    const none = { first: range.first, last: range.first };
    let asked = 0;
    const chance = () => {
      asked += 1;
      return 0;
    };
    expect(await freePort(none, chance, [range.first])).to.equal(undefined);
    expect(asked).to.equal(100);
  });
});
