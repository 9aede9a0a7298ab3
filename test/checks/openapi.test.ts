// The description of the contract: current, and without a word from a strict linter.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openApi } from "@smartcall/control-plane/dist/directory/index.js";
import { readOwnServices } from "@smartcall/control-plane/dist/source/own-services/index.js";
import { expect } from "chai";
import { root } from "./repository.ts";

const committed = join(root, "docs", "openapi.json");

describe("docs/openapi.json", function () {
  this.timeout(60_000);

  it("is what the contract gives: else run `make generate`", () => {
    const before = readFileSync(committed, "utf8");
    const write = join(root, "control-plane/dist/directory/write-document.js");
    const folder = mkdtempSync(join(tmpdir(), "smartcall-openapi-"));
    try {
      const file = join(folder, "openapi.json");
      execFileSync(process.execPath, [write, file]);
      expect(readFileSync(file, "utf8") === before).to.equal(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is taken by a strict linter without a word", () => {
    expect(lint(committed)).to.equal("");
  });

  it("is taken so as well with agents' own methods of every kind", () => {
    const agents = ["station", "weather", "old"].map((name) => {
      const bytes = readFileSync(join(root, "test/agents/weather", `${name}.binpb`));
      const services = readOwnServices(bytes, name);
      if ("problems" in services) throw new Error(services.problems.join());
      const origin = { file: "mesh.yaml", line: 1, column: 1 };
      const agent = { name, instances: [], services, origin };
      return { agent, routes: [], instances: [], description: "" };
    });
    const folder = mkdtempSync(join(tmpdir(), "smartcall-openapi-"));
    try {
      const file = join(folder, "openapi.json");
      const document = openApi({ mesh: "test", agents, docs: { kind: "public" } });
      expect(Object.keys(document)).to.include("paths");
      writeFileSync(file, JSON.stringify(document));
      expect(lint(file)).to.equal("");
      writeFileSync(file, JSON.stringify({ ...document, tags: [{ name: "none" }] }));
      expect(lint(file)).to.contain("tag");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** What the linter finds; "" for nothing. */
function lint(file: string): string {
  const packages = createRequire(import.meta.url);
  const redocly = join(dirname(packages.resolve("@redocly/cli/package.json")), "bin", "cli.js");
  const args = [redocly, "lint", "--extends=recommended-strict", "--format=json", file];
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  const said: unknown = JSON.parse(stdout.slice(stdout.indexOf("{")));
  const problems =
    typeof said === "object" && said !== null && "problems" in said ? said.problems : [said];
  const none = Array.isArray(problems) && problems.length === 0 && status === 0;
  return none ? "" : JSON.stringify(problems).slice(0, 2_000);
}
