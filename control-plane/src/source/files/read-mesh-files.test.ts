import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { maxMeshBytes } from "./mesh-files.ts";
import { readCaseFiles, readMeshFiles } from "./read-mesh-files.ts";

describe("reading the files of a mesh", () => {
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-read-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("takes a folder's YAML files by name, and nothing else", async () => {
    for (const name of ["b.yaml", "a.yml", "c.txt", ".hidden.yaml", "b.test.yaml"]) {
      await writeFile(join(folder, name), name);
    }
    await mkdir(join(folder, "inner.yaml"));
    const read = await readMeshFiles(folder);
    expect(read.kind === "files" && read.files).to.deep.equal([
      { name: join(folder, "a.yml"), text: "a.yml" },
      { name: join(folder, "b.yaml"), text: "b.yaml" },
    ]);
    const cases = await readCaseFiles(folder);
    expect(cases.kind === "files" && cases.files).to.deep.equal([
      { name: join(folder, "b.test.yaml"), text: "b.test.yaml" },
    ]);
  });

  it("has another hash for another name or text, and the same for the same", async () => {
    const hash = async (): Promise<string> => {
      const read = await readMeshFiles(folder);
      return read.kind === "files" ? read.hash : read.kind;
    };
    await writeFile(join(folder, "a.yaml"), "x");
    const first = await hash();
    expect(await hash()).to.equal(first);
    await writeFile(join(folder, "b.yaml"), "");
    expect(await hash()).to.not.equal(first);
  });

  it("says why a mesh cannot be read", async () => {
    const kindOf = async (path: string): Promise<string> => {
      const read = await readMeshFiles(path);
      return read.kind === "unreadable" ? read.problem.kind : read.kind;
    };
    expect(await kindOf(join(folder, "none.yaml"))).to.equal("missing");
    expect(await kindOf(folder)).to.equal("empty-folder");
    await symlink("nowhere", join(folder, "gone.yaml"));
    expect(await kindOf(folder)).to.equal("missing");
    await symlink("loop.yaml", join(folder, "loop.yaml"));
    expect(await kindOf(join(folder, "loop.yaml"))).to.equal("unreadable");
    const binary = join(folder, "binary.yaml");
    await writeFile(binary, Buffer.from([0x6d, 0xff, 0xfe]));
    const read = await readMeshFiles(binary);
    expect(read).to.have.property("problem").that.includes({ kind: "not-text" });
    expect(read).to.have.nested.property("problem.at").that.deep.equals({ line: 1, column: 2 });
    await truncate(binary, maxMeshBytes + 1);
    expect(await kindOf(binary)).to.equal("too-large");
  });
});
