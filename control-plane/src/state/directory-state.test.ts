// The directory that the control plane's state is kept in.

import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { expect } from "chai";
import { openDirectoryState } from "./directory-state.ts";
import type { Outcome } from "./outcome.ts";
import type { State } from "./state.ts";

describe("state in a directory", () => {
  let folder: string;
  let state: State;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "smartcall-state-")), "state");
    state = must(await openDirectoryState(folder));
  });
  afterEach(() => rm(join(folder, ".."), { recursive: true }));

  it("reads what was written, and nothing where nothing was", async () => {
    expect(must(await state.read("keys/a.json"))).to.equal(undefined);
    must(await state.write("keys/a.json", "one"));
    must(await state.write("keys/a.json", "two"));
    expect(must(await state.read("keys/a.json"))).to.equal("two");
  });

  it("is open to its owner only, even where the directory was there before", async () => {
    await chmod(folder, 0o755);
    must(await openDirectoryState(folder));
    must(await state.write("keys/a.json", "secret"));
    expect(await modeOf(folder)).to.equal(0o700);
    expect(await modeOf(join(folder, "keys"))).to.equal(0o700);
    expect(await modeOf(join(folder, "keys/a.json"))).to.equal(0o600);
  });

  it("lists a folder sorted, without files that are being written", async () => {
    must(await state.write("keys/b", ""));
    must(await state.write("keys/a", ""));
    await writeFile(join(folder, "keys/.half.new"), "");
    expect(must(await state.list("keys"))).to.deep.equal(["a", "b"]);
    expect(must(await state.list("nothing"))).to.deep.equal([]);
  });

  it("removes a text, and does not mind when it is gone", async () => {
    must(await state.write("a", ""));
    must(await state.remove("a"));
    must(await state.remove("a"));
    expect(must(await state.read("a"))).to.equal(undefined);
  });

  it("gives every one of many makers the text of the first", async () => {
    const second = must(await openDirectoryState(folder));
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? state : second).writeOnce("token", `${i}`)),
    );
    const tokens = new Set(made.map(must));
    expect(tokens.size).to.equal(1);
    expect(await readdir(folder)).to.deep.equal(["token"]);
  });

  it("never shows a reader half of a text that is being replaced", async () => {
    const texts = ["a", "b"].map((letter) => letter.repeat(200_000));
    must(await state.write("big", texts[0] ?? ""));
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 30; i++) must(await state.write("big", texts[i % 2] ?? ""));
      writing = false;
    })();
    const seen = new Set<string | undefined>();
    while (writing) seen.add(must(await state.read("big")));
    await writer;
    for (const text of seen) expect(texts.includes(text ?? "")).to.equal(true);
  });

  it("moves a text that makes no sense aside", async () => {
    must(await state.write("instances.json", "?"));
    const aside = must(await state.setAside("instances.json"));
    expect(aside).to.match(/^instances\.json\.corrupt-/);
    expect(must(await state.read("instances.json"))).to.equal(undefined);
    expect(must(await state.read(aside))).to.equal("?");
  });

  it("says in a sentence what is in the way, and leaves no rest", async () => {
    await mkdir(join(folder, "instances.json/inside"), { recursive: true });
    const written = await state.write("instances.json", "text");
    expect(written.ok).to.equal(false);
    if (!written.ok) expect(written.problem.message).to.include(join(folder, "instances.json"));
    expect(await readdir(folder)).to.deep.equal(["instances.json"]);
  });

  it("takes a path that is no directory as a problem, not an exception", async () => {
    await writeFile(join(folder, "file"), "");
    const opened = await openDirectoryState(join(folder, "file"));
    expect(opened.ok).to.equal(false);
  });

  it("calls a disk without room full, and keeps the text that was there", () => {
    const extension = extname(import.meta.url);
    const module = new URL(`directory-state${extension}`, import.meta.url).href;
    // From the sources it runs through tsx, from what was built without.
    const loader = extension === ".ts" ? ["--import=tsx"] : [];
    // What coverage would write is larger than the disk is to be.
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    const script = `
      const { openDirectoryState } = await import(${JSON.stringify(module)});
      const opened = await openDirectoryState(${JSON.stringify(folder)});
      const small = await opened.value.write("instances.json", "small");
      const big = await opened.value.write("instances.json", "x".repeat(4_000_000));
      console.log(JSON.stringify([small.ok, big, await opened.value.read("instances.json")]));
    `;
    // The largest file the shell lets its children write stands for the disk's end.
    const run = spawnSync(
      "bash",
      [
        "-c",
        'ulimit -f 1000; exec "$@"',
        "bash",
        process.execPath,
        ...loader,
        "--input-type=module",
        "-e",
        script,
      ],
      { encoding: "utf8", env },
    );
    expect(run.stderr).to.equal("");
    expect(JSON.parse(run.stdout)).to.deep.equal([
      true,
      {
        ok: false,
        problem: {
          kind: "full",
          path: join(folder, "instances.json"),
          message: `There is no room left to write ${join(folder, "instances.json")}: free some.`,
        },
      },
      { ok: true, value: "small" },
    ]);
  });

  it("refuses a name that would leave the directory: a bug", async () => {
    let thrown: unknown;
    try {
      await state.read("../elsewhere");
    } catch (error) {
      thrown = error;
    }
    expect(String(thrown)).to.include("../elsewhere");
  });
});

function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}
