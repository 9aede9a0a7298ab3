import { readFileSync } from "node:fs";
import { expect } from "chai";
import { settingNames, settings } from "./settings.ts";
import { settingsPage } from "./settings-page.ts";

describe("the page of settings", () => {
  it("is what the table says: run `make generate` where it is not", () => {
    const page = readFileSync(new URL("../../docs/settings.md", import.meta.url), "utf8");
    expect(page).to.equal(settingsPage());
  });

  it("has no flag or variable twice", () => {
    const rows = settingNames.map((name) => settings[name]);
    expect(new Set(rows.map((row) => row.flag)).size).to.equal(rows.length);
    expect(new Set(rows.map((row) => row.variable)).size).to.equal(rows.length);
  });
});
