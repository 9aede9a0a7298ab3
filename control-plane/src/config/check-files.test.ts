import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readMeshFiles } from "../source/files/read-mesh-files.ts";
import { checkFiles } from "./check-files.ts";

describe("checking all that a mesh is described by", () => {
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-check-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const found = async (...lines: readonly string[]): Promise<readonly string[]> => {
    const file = join(folder, "mesh.yaml");
    await writeFile(file, lines.join("\n"));
    const { diagnostics } = await checkFiles(await readMeshFiles(file), new Date());
    return diagnostics.map(({ at, code }) => `${at.line} ${code}`);
  };

  it("looks into the files that are named even where the mesh itself has mistakes", async () => {
    const diagnostics = await found(
      "mesh: demo",
      "gateway: { https: { certificate: { cert: { file: nope.pem }, key: { file: nope.pem } } } }",
      "identity: [{ issuer: a, audiences: [x], keys: { file: none.json } }]",
      "agents: { echo: {} }",
      "routes: [{ name: a, match: { agent: echo }, timeout: 5 }]",
    );
    expect(diagnostics).to.deep.equal(["2 SC006", "2 SC006", "3 SC006", "5 SC206"]);
  });

  it("looks for no file whose path could not be read", async () => {
    const diagnostics = await found(
      "mesh: demo",
      "gateway:",
      "  https: { certificate: { cert: { file: [] }, key: { file: nope.pem } } }",
      "  clients: { ca: { fiel: ca.pem } }",
      "identity: [{ issuer: a, audiences: [x], keys: { file: 7 } }]",
      "agents: { echo: {} }",
    );
    expect(diagnostics).to.deep.equal(["3 SC202", "4 SC201", "5 SC202"]);
  });
});
