import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { tellParent, toldBy } from "./tell-parent.ts";

describe("telling the parent", () => {
  it("reaches the process that started this one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "smartcall-tell-"));
    const program = join(folder, "child.mjs");
    const module = new URL("./tell-parent.js", import.meta.url).href;
    const source = import.meta.url.endsWith(".ts") ? module.replace(/\.js$/, ".ts") : module;
    writeFileSync(program, `import { tellParent } from "${source}"; tellParent("two\\nlines");`);
    const child = fork(program, { stdio: "ignore" });
    const [message]: unknown[] = await once(child, "message");
    rmSync(folder, { recursive: true });
    expect(toldBy(message)).to.equal("two\nlines");
  });

  it("is no error where nobody listens", () => {
    expect(() => tellParent("to nobody")).not.to.throw();
  });

  for (const message of [undefined, null, "text", 1, {}, { tell: 1 }]) {
    it(`is not what ${JSON.stringify(message)} says`, () => {
      expect(toldBy(message)).to.equal(undefined);
    });
  }
});
