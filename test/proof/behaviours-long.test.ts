// Each behaviour of docs/protocol.md is switched off once, and its test must fail.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { isNoticed, makeCopy, removeCopy } from "./mutant.ts";
import { mutations } from "./mutations.ts";

describe("behaviours that are switched off", () => {
  before(makeCopy);
  after(removeCopy);

  it("are all that the page names as built", () => {
    const [page = ""] = readFileSync(join(root, "docs/protocol.md"), "utf8").split("## Not built");
    const named = [...page.matchAll(/^\| ([AB]\d\d) \|/gm)].map(([, number]) => number);
    const proved = new Set(mutations.flatMap(({ of }) => of));
    expect([...proved].sort()).to.deep.equal(named.sort());
  });

  for (const mutation of mutations) {
    for (const behaviour of mutation.of) {
      const [[from]] = mutation.change;
      it(`are missed by a test: ${behaviour}, in ${mutation.file}, without ${from}`, async () => {
        expect(await isNoticed(mutation, behaviour)).to.equal(true);
      });
    }
  }
});
