import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readJoinTokenFile } from "./read-join-token.ts";

describe("the file of a join token", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-token-"));
    file = join(folder, "g2.token");
  });
  after(() => rmSync(folder, { recursive: true }));

  const make = "smartcall join gateway g2";
  const read = (text: string, by: string | undefined = make, mode = 0o600) => {
    writeFileSync(file, text);
    chmodSync(file, mode);
    return readJoinTokenFile(file, by);
  };
  const problemOf = (text: string): string => {
    const got = read(text);
    return got.ok ? "taken" : got.problem;
  };

  it("is read without what is around it", () => {
    expect(read(" aa.bb-_.cc\n")).to.deep.equal({ ok: true, token: "aa.bb-_.cc" });
    expect(read("bWVzaA_-", "")).to.include({ ok: false });
    writeFileSync(file, "bWVzaA_-");
    expect(readJoinTokenFile(file, undefined)).to.include({ ok: true, token: "bWVzaA_-" });
  });

  it("is refused with its name and what makes another, where it holds none", () => {
    const remedy = ": make one with `smartcall join gateway g2` where the control plane runs";
    expect(problemOf("")).to.equal(`${file} is empty${remedy}`);
    for (const rubbish of [
      "rubbish",
      "a b.c.d",
      "\u0000\u0001",
      "a.b.c\na.b.c",
      "a".repeat(9_000),
    ]) {
      expect(problemOf(rubbish), rubbish.slice(0, 20)).to.equal(
        `${file} holds no join token${remedy}`,
      );
    }
    expect(readJoinTokenFile(join(folder, "none"), make)).to.deep.equal({
      ok: false,
      problem: `there is no join token at ${join(folder, "none")}${remedy}`,
    });
  });

  it("is warned of where others may read it", () => {
    expect(read("a.b.c", make, 0o600)).to.not.have.property("warning");
    for (const mode of [0o644, 0o640, 0o604]) {
      expect(read("a.b.c", make, mode))
        .to.have.property("warning")
        .that.matches(/chmod 600/);
    }
  });
});
