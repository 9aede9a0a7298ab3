import {
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { MeshFiles } from "./mesh-files.ts";
import type { Watching } from "./watch-content.ts";
import { watchMesh } from "./watch-mesh.ts";

/** No look without an event, so that the events themselves are what is tested. */
const eventsOnly = { quiet: 30, confirm: 120, look: 600_000 };

describe("watching the files of a mesh", () => {
  let folder = "";
  let file = "";
  let told: MeshFiles[] = [];
  let watching: Watching | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-watch-"));
    file = join(folder, "mesh.yaml");
    told = [];
  });

  afterEach(async () => {
    await watching?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(path: string, times = eventsOnly): Promise<void> {
    watching = watchMesh(path, (files) => told.push(files), times);
    await until(() => told.length === 1);
  }

  function text(): string {
    const last = told.at(-1);
    return last?.kind === "files"
      ? last.files.map((each) => each.text).join("|")
      : `(${last?.problem.kind ?? "nothing"})`;
  }

  it("tells at once what is there, by the name that the operator gave", async () => {
    await writeFile(file, "one");
    await start(file);
    expect(told).to.have.length(1);
    expect(told[0]).to.deep.include({ kind: "files", files: [{ name: file, text: "one" }] });
  });

  it("notices a save in place at once", async () => {
    await writeFile(file, "one");
    await start(file);
    const before = performance.now();
    await writeFile(file, "two");
    await until(() => text() === "two");
    expect(performance.now() - before).to.be.below(2_000);
  });

  it("A91 notices saves by rename, again and again", async () => {
    await writeFile(file, "0");
    await start(file);
    for (let save = 1; save <= 5; save++) {
      await writeFile(join(folder, ".mesh.yaml.tmp"), String(save));
      await rename(join(folder, ".mesh.yaml.tmp"), file);
      await until(() => text() === String(save));
    }
  });

  it("A91 notices an editor that deletes the file and writes it anew, and tells no error", async () => {
    await writeFile(file, "one");
    await start(file);
    await unlink(file);
    await pause(60);
    await writeFile(file, "two");
    await until(() => text() === "two");
    expect(told.map(({ kind }) => kind)).to.deep.equal(["files", "files"]);
  });

  it("A91 notices the exchange of a ConfigMap's link, for a file and for the folder", async () => {
    await mkdir(join(folder, "..v1"));
    await mkdir(join(folder, "..v2"));
    await writeFile(join(folder, "..v1", "mesh.yaml"), "one");
    await writeFile(join(folder, "..v2", "mesh.yaml"), "two");
    await symlink("..v1", join(folder, "..data"));
    await symlink(join("..data", "mesh.yaml"), file);
    for (const [path, from, to] of [
      [file, "one", "two"],
      [folder, "two", "one"],
    ] as const) {
      told = [];
      await start(path);
      expect(text()).to.equal(from);
      await symlink(to === "two" ? "..v2" : "..v1", join(folder, "..data_tmp"));
      await rename(join(folder, "..data_tmp"), join(folder, "..data"));
      await until(() => text() === to);
      await watching?.close();
    }
  });

  it("notices the exchange of a link far up the path", async () => {
    await mkdir(join(folder, "a"));
    await mkdir(join(folder, "b"));
    await writeFile(join(folder, "a", "mesh.yaml"), "one");
    await writeFile(join(folder, "b", "mesh.yaml"), "two");
    await symlink("a", join(folder, "current"));
    await symlink(join(folder, "current", "mesh.yaml"), file);
    await start(file);
    await symlink("b", join(folder, "next"));
    await rename(join(folder, "next"), join(folder, "current"));
    await until(() => text() === "two");
  });

  it("A92 tells nothing when the same content is written again", async () => {
    await writeFile(file, "one");
    await start(file);
    await writeFile(join(folder, "tmp"), "one");
    await rename(join(folder, "tmp"), file);
    await utimes(file, new Date(), new Date());
    await writeFile(join(folder, "other.txt"), "noise");
    await pause(200);
    expect(told).to.have.length(1);
  });

  it("A92 waits for the rest of a file that is emptied before it is written", async () => {
    await writeFile(file, "one");
    await start(file);
    await truncate(file);
    await pause(70);
    await writeFile(file, "two");
    await until(() => text() === "two");
    expect(told).to.have.length(2);
  });

  it("A93 tells a deleted file as an error, and takes it back when it returns", async () => {
    await writeFile(file, "one");
    await start(file);
    await unlink(file);
    await until(() => text() === "(missing)");
    await writeFile(file, "one");
    await until(() => text() === "one");
    expect(told.map(({ kind }) => kind)).to.deep.equal(["files", "unreadable", "files"]);
  });

  it("A93 tells a deleted folder as an error, and takes it back when it returns", async () => {
    const inner = join(folder, "conf", "mesh");
    const write = async (content: string): Promise<void> => {
      await mkdir(inner, { recursive: true });
      await writeFile(join(inner, "a.yaml"), content);
    };
    await write("one");
    await start(inner);
    await rm(join(folder, "conf"), { recursive: true });
    await until(() => text() === "(missing)");
    await write("two");
    await until(() => text() === "two");
    await writeFile(join(inner, "a.yaml"), "three");
    await until(() => text() === "three");
  });

  it("notices files that come to a folder and leave it", async () => {
    await writeFile(join(folder, "b.yml"), "b");
    await start(folder);
    await writeFile(join(folder, "a.yaml"), "a");
    await until(() => text() === "a|b");
    await unlink(join(folder, "b.yml"));
    await until(() => text() === "a");
    await unlink(join(folder, "a.yaml"));
    await until(() => text() === "(empty-folder)");
  });

  it("notices a save while other files of the folder change all the time", async () => {
    await writeFile(file, "one");
    await start(file);
    let isNoisy = true;
    const noise = (async () => {
      for (let turn = 0; isNoisy; turn++) {
        await writeFile(join(folder, "noise.log"), String(turn));
        await pause(3);
      }
    })();
    await writeFile(file, "two");
    await until(() => text() === "two");
    isNoisy = false;
    await noise;
  });

  it("begins with an error when nothing is there yet, and goes on when it comes", async () => {
    const later = join(folder, "not", "yet", "mesh.yaml");
    await start(later);
    expect(text()).to.equal("(missing)");
    await mkdir(join(folder, "not", "yet"), { recursive: true });
    await writeFile(later, "one");
    await until(() => text() === "one");
  });

  it("tells nothing more once it is closed", async () => {
    await writeFile(file, "one");
    await start(file);
    await writeFile(file, "two");
    await watching?.close();
    await pause(100);
    expect(told).to.have.length(1);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 8_000; !isSo(); await pause(3)) {
    if (Date.now() > end) {
      expect.fail("it did not happen within 8 s");
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
