import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { takeLock } from "./lock.ts";

describe("the lock of a state folder", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("is had by one, who is named to the others, until it is released", () => {
    const first = takeLock(folder);
    expect(takeLock(folder)).to.deep.equal({ ok: false, pid: process.pid });
    if (first.ok) first.release();
    expect(readdirSync(folder)).to.deep.equal([]);
    expect(takeLock(folder).ok).to.equal(true);
  });

  it("is taken over from a process that is gone", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    writeFileSync(join(folder, "up.lock"), `${child.pid} 12345\n`);
    expect(takeLock(folder).ok).to.equal(true);
    expect(readdirSync(folder)).to.deep.equal(["up.lock"]);
  });

  it("is taken over where another process has the id by now", () => {
    takeLock(folder);
    const text = readFileSync(join(folder, "up.lock"), "utf8");
    writeFileSync(join(folder, "up.lock"), text.replace(/ \d+/, " 1"));
    expect(takeLock(folder).ok).to.equal(true);
  });

  for (const text of ["", "nonsense", "0 0", " "]) {
    it(`is taken over where the file holds ${JSON.stringify(text)}`, () => {
      writeFileSync(join(folder, "up.lock"), text);
      expect(takeLock(folder).ok).to.equal(true);
    });
  }
});
