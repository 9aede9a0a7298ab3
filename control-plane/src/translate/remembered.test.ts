import { expect } from "chai";
import { remembered } from "./remembered.ts";

describe("what a translation remembers", () => {
  it("is made once while rounds ask for it, and anew after one that did not", () => {
    const memory = remembered<string>();
    let made = 0;
    const ask = (): string =>
      memory.of("a", () => {
        made += 1;
        return `value ${made}`;
      });
    expect([ask(), ask()]).to.deep.equal(["value 1", "value 1"]);
    memory.begin();
    expect(ask()).to.equal("value 1");
    memory.begin();
    memory.begin();
    expect(ask()).to.equal("value 2");
  });

  it("is bounded where nobody begins rounds", () => {
    const memory = remembered<number>(2);
    let made = 0;
    const ask = (key: string): number => memory.of(key, () => ++made);
    for (const key of ["a", "b", "c", "d", "a", "b"]) ask(key);
    expect(made, "b was forgotten, a was not").to.equal(5);
  });
});
