import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { createKeeper, type Keeper } from "./keeper.ts";
import { must, type TemporaryState, temporaryState } from "./temporary-state.test.ts";

const name = "instances.json";

describe("the keeper of a text", () => {
  let own: TemporaryState;
  let keeper: Keeper;
  beforeEach(async () => {
    own = await temporaryState();
    keeper = createKeeper(own.state, name, own.report);
  });
  afterEach(() => own.remove());

  const kept = async (): Promise<string | undefined> => must(await own.state.read(name));

  it("ends with the newest text, however fast they come", async () => {
    for (let i = 0; i <= 50; i++) keeper.keep(`${i}`);
    await keeper.settled();
    expect(await kept()).to.equal("50");
  });

  it("goes on after it was given the same text twice", async () => {
    for (const text of ["a", "a", "b", "b", "c"]) {
      keeper.keep(text);
      await keeper.settled();
      expect(await kept()).to.equal(text);
    }
  });

  it("reports a failed write, goes on, and writes the next text", async () => {
    await mkdir(join(own.folder, name));
    keeper.keep("one");
    await keeper.settled();
    expect(own.problems).to.have.length(1);
    await rm(join(own.folder, name), { recursive: true });
    keeper.keep("one");
    await keeper.settled();
    expect(own.problems).to.have.length(1);
    expect(await kept()).to.equal("one");
  });
});
