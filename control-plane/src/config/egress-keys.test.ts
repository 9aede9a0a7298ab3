import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Watching } from "../source/files/watch-content.ts";
import { followNamedFiles } from "./follow-named-files.ts";
import type { MeshConfig } from "./mesh-config.ts";
import { readNamedFiles } from "./named-files.ts";
import { parseMesh } from "./parse-mesh.ts";

const now = new Date("2026-01-01T00:00:00Z");

describe("the keys that hosts outside the mesh are called with", () => {
  let folder = "";
  let watching: Watching | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-keys-"));
  });
  afterEach(async () => {
    await watching?.close();
    watching = undefined;
    await rm(folder, { recursive: true });
  });

  const configOf = (...egress: readonly string[]): MeshConfig => {
    const lines = ["mesh: demo", "agents: { echo: {} }", "egress:", ...egress];
    const parsed = parseMesh([{ name: join(folder, "mesh.yaml"), text: lines.join("\n") }]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    return parsed.config;
  };

  it("are read from variables and files, without the spaces and line breaks around them", async () => {
    await writeFile(join(folder, "key"), "  from-a-file\r\n");
    const config = configOf(
      "  - { name: one, host: one.example.com, key: { env: ONE } }",
      "  - { name: two, host: two.example.com, key: { file: key } }",
      "  - { name: three, host: three.example.com }",
    );
    const read = await readNamedFiles(config, now, { ONE: "from-a-variable\n" });
    expect(read.diagnostics).to.deep.equal([]);
    expect([...read.egressKeys].sort()).to.deep.equal([
      ["one", "from-a-variable"],
      ["two", "from-a-file"],
    ]);
  });

  it("are refused at their lines where they are missing, empty or no header's value, and not shown", async () => {
    await writeFile(join(folder, "empty"), "\n");
    await writeFile(join(folder, "two"), "hunter2\nx-other: hunter2");
    await writeFile(join(folder, "ca.pem"), "nothing");
    const config = configOf(
      "  - { name: unset, host: a.example.com, key: { env: UNSET } }",
      "  - { name: blank, host: a.example.com, key: { env: BLANK } }",
      "  - { name: lines, host: a.example.com, key: { env: LINES } }",
      "  - { name: gone, host: a.example.com, key: { file: gone } }",
      "  - { name: empty, host: a.example.com, key: { file: empty } }",
      "  - { name: two, host: a.example.com, key: { file: two } }",
      "  - { name: other, host: a.example.com, ca: { file: ca.pem } }",
    );
    const env = { BLANK: " ", LINES: "hunter2\r\nhunter2" };
    const { diagnostics, egressKeys } = await readNamedFiles(config, now, env);
    const told = diagnostics.map(({ at, code, message }) => `${at.line} ${code} ${message}`);
    expect(told.sort()).to.deep.equal([
      "10 SC007 ca.pem holds no certificate.",
      "4 SC014 The environment variable `UNSET` is not set.",
      "5 SC015 The environment variable `BLANK` holds no key: it is empty.",
      "6 SC016 The environment variable `LINES` holds what cannot be sent as a key.",
      "7 SC006 The file gone cannot be read: it does not exist.",
      "8 SC015 empty holds no key: it is empty.",
      "9 SC016 two holds what cannot be sent as a key.",
    ]);
    expect(JSON.stringify(diagnostics)).to.not.include("hunter2");
    expect(egressKeys.size).to.equal(0);
  });

  it("are told again when their file changes; those of variables stay", async () => {
    const path = join(folder, "key");
    await writeFile(path, "first");
    const config = configOf(
      "  - { name: one, host: one.example.com, key: { env: ONE } }",
      "  - { name: two, host: two.example.com, key: { file: key } }",
    );
    const first = await readNamedFiles(config, now, { ONE: "variable" });
    const renewed = new Promise<ReadonlyMap<string, string>>((resolve) => {
      watching = followNamedFiles(config, first, () => now, {
        renewed: ({ egressKeys }) => resolve(egressKeys),
        refused: () => undefined,
      });
    });
    await writeFile(`${path}.next`, "second\n");
    await rename(`${path}.next`, path);
    expect([...(await renewed)].sort()).to.deep.equal([
      ["one", "variable"],
      ["two", "second"],
    ]);
  });
});
