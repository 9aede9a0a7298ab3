// Two folders compared.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { driftedFiles } from "./drift.ts";

describe("drift", () => {
  it("names files that differ or are in only one folder, and no others", () => {
    const root = mkdtempSync(join(tmpdir(), "smartcall-drift-"));
    try {
      const write = (path: string, text: string): void => {
        mkdirSync(join(root, path, ".."), { recursive: true });
        writeFileSync(join(root, path), text);
      };
      for (const folder of ["one", "two"]) {
        write(`${folder}/same.js`, "same");
        write(`${folder}/deep/er/differs.js`, folder);
      }
      write("one/gone.js", "");
      write("two/new.js", "");
      expect(driftedFiles(join(root, "one"), join(root, "two"))).to.deep.equal([
        "deep/er/differs.js",
        "gone.js",
        "new.js",
      ]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
