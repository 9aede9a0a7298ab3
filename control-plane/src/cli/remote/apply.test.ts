import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { readLines } from "./read-lines.ts";
import { json, type Rig, startRig } from "./rig.test.ts";

const program = fileURLToPath(new URL("../../../bin/smartcall.js", import.meta.url));

describe("smartcall apply", function () {
  this.timeout(20_000);
  let rig: Rig;
  let file = "";
  beforeEach(async () => {
    rig = await startRig();
    file = join(rig.folder, "mesh.yaml");
    await writeFile(file, "mesh: demo\n");
  });
  afterEach(() => rig.close());

  const steps = (...lines: readonly object[]): void => {
    rig.answer = (_, response) => {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      for (const line of lines) response.write(`${JSON.stringify(line)}\n`);
      response.end();
    };
  };
  const apply = (...args: readonly string[]): Promise<Ran> => {
    const env = {
      ...process.env,
      SMARTCALL_SERVER: rig.url,
      SMARTCALL_TOKEN: "t.o.k",
      SMARTCALL_CA: rig.caFile,
    };
    const command = [program, "apply", ...args];
    return new Promise((resolve) => {
      const child = execFile(process.execPath, command, { env }, (_, out, err) =>
        resolve({ code: child.exitCode, out, err }),
      );
    });
  };
  const checked = { step: "checked", hash: "abcdefabcdef", warnings: [] };

  it("sends a file and shows each step on its way until it is saved", async () => {
    steps(
      checked,
      { step: "staged", node: "edge" },
      { step: "acked", nodes: ["edge", "g2"], silent: ["g3"] },
      { step: "saved", hash: "abcdefabcdef" },
    );
    expect(await apply(file)).to.deep.equal({
      code: 0,
      out: [
        `Applying ${file} to ${rig.url} …`,
        "  ✓ checked    abcdefa",
        "  ✓ staged     edge takes it first",
        "  ✓ taken      by edge, g2, and not yet by g3",
        "  ✓ saved      abcdefa",
        "",
      ].join("\n"),
      err: "",
    });
    const [asked] = rig.asked;
    expect(asked).to.include({ method: "POST", path: "/mesh/apply", token: "Bearer t.o.k" });
    expect(JSON.parse(asked?.body ?? "")).to.deep.equal({
      files: [{ name: "mesh.yaml", text: "mesh: demo\n" }],
      folder: false,
    });
  });

  it("names a gateway that does not have all of what is saved, and fails for it", async () => {
    const problems = ["mesh.yaml warning SC807 The gateway edge refuses the listener `edge`."];
    steps(
      checked,
      { step: "acked", nodes: ["g2"], refusing: ["edge"] },
      { step: "saved", hash: "abcdefabcdef", refusing: ["edge"], problems },
    );
    const ran = await apply(file);
    expect(ran.code).to.equal(1);
    expect(ran.out).to.include("taken      by g2, but not all of it by edge");
    expect(ran.err).to.include(problems[0]);
  });

  it("does not say that nothing has changed where a gateway is not back", async () => {
    const problems = ["mesh.yaml error SC806 The gateway edge is not back on what it had before."];
    steps(checked, { step: "refused", by: "gateway", problems, node: "edge", astray: ["edge"] });
    const ran = await apply(file);
    expect(ran.code).to.equal(1);
    expect(ran.err).to.include(problems[0]).and.not.include("Nothing has changed");
  });

  it("sends the files of a folder by their names, and prints steps as JSON lines", async () => {
    const folder = join(rig.folder, "mesh");
    await mkdir(folder);
    await writeFile(join(folder, "b.yaml"), "b");
    await writeFile(join(folder, "a.yml"), "a");
    steps(checked, { step: "unchanged" });
    const { code, out } = await apply(folder, "--json");
    expect({ code, out }).to.deep.equal({
      code: 0,
      out: `${JSON.stringify(checked)}\n{"step":"unchanged"}\n`,
    });
    expect(JSON.parse(rig.asked[0]?.body ?? "")).to.deep.equal({
      files: [
        { name: "a.yml", text: "a" },
        { name: "b.yaml", text: "b" },
      ],
      folder: true,
    });
  });

  it("says what the control plane warns of and refuses, and ends with 1", async () => {
    const warning = "mesh.yaml:2:1 warning SC402 no\n   2 | x";
    const problems = ["mesh.yaml:3:1 error SC101 bad\n   3 | \u001b[2Jy"];
    steps({ ...checked, warnings: [warning] }, { step: "refused", by: "check", problems });
    const { code, out, err } = await apply(file);
    expect(code).to.equal(1);
    expect(out).to.match(/✗ refused {4}by the checks\n$/);
    expect(err).to.include(warning).and.include("   3 | ·[2Jy").and.include("Nothing has changed");
  });

  it("names the gateway that refused it, Envoy's words, and the line", async () => {
    const at = { file: "mesh.yaml", line: 4, column: 7 };
    const refused = { step: "refused", by: "gateway", problems: [], node: "g2", envoy: "bad", at };
    steps(checked, { step: "staged", node: "g2" }, refused);
    const { code, out, err } = await apply(file);
    expect(code).to.equal(1);
    expect(out).to.include("✗ refused    by the gateway g2");
    expect(err).to.include("It comes from mesh.yaml:4:7.").and.include("Envoy says: bad");
    const lines = (await apply(file, "--json")).out.trim().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).to.deep.equal(refused);
  });

  it("ends with 1 where it is not said how it ended, or makes no sense", async () => {
    steps(checked, { step: "staged", node: "edge" });
    expect(await apply(file)).to.deep.include({ code: 1 });
    expect((await apply(file)).err).to.include("broke off");
    steps({ stop: 1 });
    expect((await apply(file)).err).to.include("a step is not as expected");
    rig.answer = json({ error: { message: "The body is larger than 16 MiB." } }, 413);
    expect((await apply(file)).err).to.include("says: The body is larger than 16 MiB.");
  });

  it("sends nothing where there is no file", async () => {
    const { code, err } = await apply(join(rig.folder, "none.yaml"));
    expect(code).to.equal(1);
    expect(err).to.include("SC001");
    expect(rig.asked).to.deep.equal([]);
  });
});

describe("lines of a body", () => {
  it("are the same however it is cut, and a last one needs no end", async () => {
    async function* body(...pieces: readonly string[]): AsyncGenerator<string> {
      yield* pieces;
    }
    for (const pieces of [["a\nbc\n\nd"], ["a", "\nb", "c\n", "\nd"], ["a\nbc\nd\n"]]) {
      const lines: string[] = [];
      for await (const line of readLines(body(...pieces))) lines.push(line);
      expect(lines).to.deep.equal(["a", "bc", "d"]);
    }
  });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
