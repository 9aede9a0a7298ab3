// Texts that have to make sense.

import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseObject } from "@smartcall/runtime";
import { expect } from "chai";
import { readDocument } from "./document.ts";
import { isJoinToken, loadJoinToken } from "./join-token.ts";
import { lastGoodName, loadLastGood, printLastGood } from "./last-good.ts";
import { must, type TemporaryState, temporaryState } from "./temporary-state.test.ts";

describe("documents of the state", () => {
  let own: TemporaryState;
  beforeEach(async () => {
    own = await temporaryState();
  });
  afterEach(() => own.remove());

  it("one that makes no sense is reported, kept aside and taken as absent", async () => {
    await writeFile(join(own.folder, "a.json"), "{");
    expect(must(await readDocument(own.state, "a.json", parseObject, own.report))).to.equal(
      undefined,
    );
    expect(own.problems.map(({ kind }) => kind)).to.deep.equal(["corrupt"]);
    expect(own.problems[0]?.message).to.include(join(own.folder, "a.json.corrupt-"));
    expect(await readdir(own.folder)).to.have.length(1);
  });

  it("one that cannot be read is a problem, and stays where it is", async () => {
    await mkdir(join(own.folder, "a.json"));
    const read = await readDocument(own.state, "a.json", parseObject, own.report);
    expect(read.ok).to.equal(false);
    expect(await readdir(own.folder)).to.deep.equal(["a.json"]);
  });

  it("the last good files come back whole, with their hash and time", async () => {
    const lastGood = {
      files: [{ name: "mesh.yaml", text: "mesh: demo\n# é\n" }],
      hash: "abc",
      at: new Date("2026-01-02T03:04:05.678Z"),
    };
    expect(must(await loadLastGood(own.state, own.report))).to.equal(undefined);
    must(await own.state.write(lastGoodName, printLastGood(lastGood)));
    expect(must(await loadLastGood(own.state, own.report))).to.deep.equal(lastGood);
    expect(own.problems).to.deep.equal([]);
  });

  for (const text of [
    '{"files":[{"name":1}],"hash":"a","at":"2026-01-01"}',
    '{"files":[]}',
    "[]",
  ]) {
    it(`last good files that make no sense are not used: ${text}`, async () => {
      must(await own.state.write(lastGoodName, text));
      expect(must(await loadLastGood(own.state, own.report))).to.equal(undefined);
      expect(own.problems).to.have.length(1);
    });
  }
});

describe("the join token", () => {
  let own: TemporaryState;
  beforeEach(async () => {
    own = await temporaryState();
  });
  afterEach(() => own.remove());

  it("is made once, with 256 random bits", async () => {
    const [first, second] = await Promise.all([
      loadJoinToken(own.state, own.report),
      loadJoinToken(own.state, own.report),
    ]);
    const token = must(first);
    expect(Buffer.from(token, "base64url")).to.have.length(32);
    expect(must(second)).to.equal(token);
    expect(must(await loadJoinToken(own.state, own.report))).to.equal(token);
    expect(must(await own.state.read("join-token"))).to.equal(token);
  });

  it("is taken from a file that an editor has ended with a line feed", async () => {
    const token = must(await loadJoinToken(own.state, own.report));
    must(await own.state.write("join-token", `${token}\n`));
    expect(must(await loadJoinToken(own.state, own.report))).to.equal(token);
  });

  it("is made again where the file makes no sense, and that is said", async () => {
    must(await own.state.write("join-token", "short"));
    expect(must(await loadJoinToken(own.state, own.report))).to.have.length(43);
    expect(own.problems.map(({ kind }) => kind)).to.deep.equal(["corrupt"]);
  });

  it("lets in who has it, and nobody else", () => {
    expect(isJoinToken("secret", "Bearer secret")).to.equal(true);
    expect(isJoinToken("secret", "bearer secret")).to.equal(true);
    for (const wrong of [
      undefined,
      "",
      "secret",
      "Bearer",
      "Bearer ",
      "Bearer secre",
      "Basic secret",
    ]) {
      expect(isJoinToken("secret", wrong), String(wrong)).to.equal(false);
    }
    expect(isJoinToken("", "Bearer ")).to.equal(false);
  });
});
