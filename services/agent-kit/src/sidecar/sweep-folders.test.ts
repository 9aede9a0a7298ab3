// What killed agents leave, and what is left alone.

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect } from "chai";
import { makeInstanceFolder, type Owner, ownerFile, ownerOf } from "./instance-folder.ts";
import { sweepFolders } from "./sweep-folders.ts";

describe("sweeping the folders of instances", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sweep-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const folderOf = (owner: Owner, name: string): string => {
    const path = join(root, name);
    mkdirSync(path);
    writeFileSync(join(path, ownerFile), JSON.stringify(owner));
    return path;
  };
  const made = () => {
    const folder = makeInstanceFolder(root);
    if (typeof folder === "string") throw new Error(folder);
    return folder;
  };
  /** A process that has ended. */
  const ended = async (): Promise<Owner> => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
    const owner = ownerOf(child.pid ?? 0);
    child.kill("SIGKILL");
    await once(child, "exit");
    return owner;
  };

  it("keeps those whose process lives, and removes those whose process was killed", async () => {
    const mine = made();
    const left = folderOf(await ended(), "smartcall-aaaaaa");
    await sweepFolders(root, Date.now());
    expect(existsSync(mine.path)).to.equal(true);
    expect(existsSync(left)).to.equal(false);
    expect(basename(mine.path)).to.match(/^smartcall-/);
  });

  it("does not take another process, which has the number of the killed one, for it", async () => {
    const left = folderOf({ ...ownerOf(process.pid), began: "1" }, "smartcall-aaaaaa");
    await sweepFolders(root, Date.now());
    expect(existsSync(left)).to.equal(false);
  });

  it("leaves what no instance has made", async () => {
    const owner = await ended();
    const other = folderOf(owner, "smartcall-state-1");
    const bare = join(root, "smartcall-bbbbbb");
    mkdirSync(bare);
    writeFileSync(join(root, "smartcall-cccccc"), "");
    await sweepFolders(root, Date.now());
    expect([other, bare, join(root, "smartcall-cccccc")].map(existsSync)).to.deep.equal([
      true,
      true,
      true,
    ]);
  });

  it("removes the old empty one of a process that was killed before it said whose it is", async () => {
    const minutesAgo = Date.now() / 1000 - 120;
    const [empty = "", full = "", young = ""] = ["aaaaaa", "bbbbbb", "cccccc"].map((end) => {
      const path = join(root, `smartcall-${end}`);
      mkdirSync(path);
      return path;
    });
    writeFileSync(join(full, "letter"), "");
    for (const folder of [empty, full]) utimesSync(folder, minutesAgo, minutesAgo);
    await sweepFolders(root, Date.now());
    expect([empty, full, young].map(existsSync)).to.deep.equal([false, true, true]);
  });

  it("of another container's keeps the young, and those whose sockets answer", async () => {
    const owner = { ...(await ended()), among: "pid:[1]" };
    const young = folderOf(owner, "smartcall-aaaaaa");
    const old = folderOf(owner, "smartcall-bbbbbb");
    const alive = folderOf(owner, "smartcall-cccccc");
    const server = createServer().listen(join(alive, "agent.sock"));
    await once(server, "listening");
    const twoHoursAgo = Date.now() / 1000 - 7200;
    for (const folder of [old, alive]) utimesSync(folder, twoHoursAgo, twoHoursAgo);
    await sweepFolders(root, Date.now());
    server.close();
    expect([young, old, alive].map(existsSync)).to.deep.equal([true, false, true]);
  });

  it("needs no folder to sweep", () => sweepFolders(join(root, "nowhere"), Date.now()));

  it("says who owns a folder, to its owner alone, and refuses paths that sockets cannot have", () => {
    const { path } = made();
    expect(JSON.parse(readFileSync(join(path, ownerFile), "utf8"))).to.have.property(
      "pid",
      process.pid,
    );
    expect(makeInstanceFolder(`/${"x".repeat(100)}`)).to.include("set TMPDIR");
  });
});
