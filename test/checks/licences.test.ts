// Every package that npm installs for us has a permissive licence.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { entries, textAt } from "../harness/json.ts";
import { isPermissive } from "./licences.ts";
import { readSource, root } from "./repository.ts";

describe("the licences of our dependencies", () => {
  it("are permissive, every one", () => {
    const lock: unknown = JSON.parse(readSource("package-lock.json").text);
    const packages = entries(lock, "packages").filter(([path]) => path.includes("node_modules/"));
    expect(packages.length).to.be.greaterThan(100);
    const wrong = packages
      .map(([path, entry]) => ({ path, licence: textAt(entry, "license") || installed(path) }))
      .filter(({ licence }) => !isPermissive(licence))
      .map(({ path, licence }) => `${path}: ${licence || "says no licence"}`);
    expect(wrong).to.deep.equal([]);
  });

  it("are judged as SPDX expressions", () => {
    expect(isPermissive("MIT")).to.equal(true);
    expect(isPermissive("(BSD-3-Clause AND Apache-2.0)")).to.equal(true);
    expect(isPermissive("(GPL-2.0 OR MIT)")).to.equal(true);
    expect(isPermissive("MIT AND GPL-3.0")).to.equal(false);
    expect(isPermissive("AGPL-3.0-only")).to.equal(false);
    expect(isPermissive("")).to.equal(false);
  });
});

function installed(path: string): string {
  const file = join(path, "package.json");
  if (!existsSync(join(root, file))) return "";
  const manifest: unknown = JSON.parse(readSource(file).text);
  return textAt(manifest, "license");
}
