import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { prepareReplacement } from "./replace-files.ts";

describe("replacing a mesh's files", () => {
  let folder = "";
  let file = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-replace-"));
    file = join(folder, "mesh.yaml");
    await writeFile(file, "old", { mode: 0o640 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("changes nothing until it is told to, then all at once, and leaves no rest", async () => {
    const ready = await prepareReplacement(file, [{ name: file, text: "new" }]);
    expect(await readFile(file, "utf8")).to.equal("old");
    expect(ready.ok && (await ready.commit())).to.equal(undefined);
    expect(await readFile(file, "utf8")).to.equal("new");
    expect((await stat(file)).mode & 0o777).to.equal(0o640);
    expect(await readdir(folder)).to.deep.equal(["mesh.yaml"]);
  });

  it("leaves no rest where it is not wanted after all", async () => {
    const ready = await prepareReplacement(file, [{ name: file, text: "new" }]);
    if (ready.ok) await ready.discard();
    expect(await readFile(file, "utf8")).to.equal("old");
    expect(await readdir(folder)).to.deep.equal(["mesh.yaml"]);
  });

  it("replaces what a link leads to, and not the link", async () => {
    const link = join(folder, "link.yaml");
    await symlink(file, link);
    const ready = await prepareReplacement(link, [{ name: link, text: "new" }]);
    if (ready.ok) await ready.commit();
    expect(await readFile(file, "utf8")).to.equal("new");
    expect((await stat(link)).ino).to.equal((await stat(file)).ino);
  });

  it("replaces, adds and removes the files of a folder, and touches no others", async () => {
    for (const name of ["gone.yml", "notes.txt", "mesh.test.yaml"]) {
      await writeFile(join(folder, name), name);
    }
    const files = ["agents.yaml", "mesh.yaml"].map((name) => ({
      name: join(folder, name),
      text: `new ${name}`,
    }));
    const ready = await prepareReplacement(folder, files);
    expect(ready.ok && (await ready.commit())).to.equal(undefined);
    const left = ["agents.yaml", "mesh.test.yaml", "mesh.yaml", "notes.txt"];
    expect((await readdir(folder)).sort()).to.deep.equal(left);
    expect(await readFile(join(folder, "agents.yaml"), "utf8")).to.equal("new agents.yaml");
  });

  it("says before anything has changed that it cannot be done", async () => {
    const missing = join(folder, "none", "mesh.yaml");
    const nowhere = await prepareReplacement(missing, [{ name: missing, text: "new" }]);
    expect(nowhere.ok ? "" : nowhere.problem).to.match(/^.*mesh\.yaml cannot be replaced: ENOENT/);
  });
});
