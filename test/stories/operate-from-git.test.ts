// docs/operate-from-git.md, followed line by line: what the workflow runs, against a mesh over TLS.
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { root } from "../checks/repository.ts";
import { type Child, endGroup } from "../harness/child.ts";
import { entries, listAt, textAt, valueAt } from "../harness/json.ts";
import { type MeshPlace, prepareMesh, removePlace, startUp } from "../harness/mesh.ts";
import { noneMarked } from "../harness/processes.ts";
import { type Ended, run, smartcallBin } from "../harness/smartcall.ts";

const guide = readFileSync(join(root, "docs", "operate-from-git.md"), "utf8");

describe("operating a mesh from Git, by the guide", function () {
  this.timeout(120_000);
  let place: MeshPlace;
  let up: Child | undefined;
  let repository = "";
  let env: NodeJS.ProcessEnv = {};

  before(async () => {
    const prepared = await prepareMesh();
    const port = new URL(prepared.admin).port;
    const opened = exportsIn(guide).map(
      ([name, value]) => [name, value.replace(/:9000$/, `:${port}`)] as const,
    );
    place = { ...prepared, env: { ...prepared.env, ...Object.fromEntries(opened) } };
    writeFileSync(place.meshFile, fileOf("mesh.yaml"));
    up = startUp(place);
    await up.says(/Stop +Ctrl-C/, 90_000);

    repository = mkdtempSync(join(tmpdir(), "smartcall-git-"));
    for (const name of ["mesh.yaml", "mesh.test.yaml"]) {
      writeFileSync(join(repository, name), fileOf(name));
    }
    copyFileSync(join(place.stateFolder, "ca.pem"), join(repository, "ca.pem"));
    symlinkSync(join(root, "node_modules"), join(repository, "node_modules"));
    const [mint = ""] = guideCommands().filter((command) => command.includes(" token "));
    const minted = await run("sh", ["-c", mint], { cwd: root, env: place.env });
    expect(minted.code, minted.output).to.equal(0);
    env = {
      ...ordinary(process.env),
      ...textsOf(valueAt(workflow(), "env")),
      SMARTCALL_SERVER: `https://localhost:${port}`,
      SMARTCALL_TOKEN: tokenIn(minted.output),
    };
  });
  after(async () => {
    if (up !== undefined) await endGroup(up);
    await noneMarked(place.mark);
    removePlace(place);
    rmSync(repository, { recursive: true, force: true });
  });

  const fileOf = (name: string): string =>
    blockAfter(name).replace("port: 8443", `port: ${place.port}`);
  const type = (line: string): Promise<Ended> => run("sh", ["-c", line], { cwd: repository, env });
  /** The same without npx, which takes as long again. */
  const runs = (line: string, more: NodeJS.ProcessEnv = {}): Promise<Ended> =>
    run("sh", ["-c", line.replace(/^npx smartcall/, `'${process.execPath}' '${smartcallBin}'`)], {
      cwd: repository,
      env: { ...env, ...more },
    });
  const edit = (name: string, from: string, to: string): void => {
    const file = join(repository, name);
    const text = readFileSync(file, "utf8");
    expect(text).to.contain(from);
    writeFileSync(file, text.replaceAll(from, to));
  };

  it("the package.json names the command line, and each package of ours that it needs", () => {
    const shown: unknown = JSON.parse(/^```json\n([\s\S]*?)^```/m.exec(guide)?.[1] ?? "");
    const needed = new Map<string, string>();
    const need = (name: string): void => {
      if (needed.has(name)) return;
      const file = join(root, "node_modules", name, "package.json");
      const about: unknown = JSON.parse(readFileSync(file, "utf8"));
      const tarball = `${name.replace("@", "").replace("/", "-")}-${textAt(about, "version")}.tgz`;
      needed.set(name, `file:packages/${tarball}`);
      for (const [other] of entries(about, "dependencies")) {
        if (other.startsWith("@smartcall/")) need(other);
      }
    };
    need("@smartcall/control-plane");
    expect(valueAt(shown, "dependencies")).to.deep.equal(Object.fromEntries(needed));
  });

  it("the workflow checks, tests, compares and applies, in this order", () => {
    const words = steps().map((step) => step.split(" ")[2]);
    expect(words).to.deep.equal(["validate", "test", "diff", "apply"]);
  });

  it("what is served already passes every step, and nothing changes", async () => {
    for (const step of steps()) {
      const { code, output } = await type(step);
      expect(code, `${step}: ${output}`).to.equal(0);
      if (step.includes(" apply ")) expect(output).to.contain("unchanged");
    }
  });

  it("a change goes the same way to every gateway, and is saved where the mesh runs", async () => {
    edit("mesh.yaml", "guarded:invoke", "vault:open");
    edit("mesh.test.yaml", "guarded:invoke", "vault:open");
    for (const step of steps()) {
      const { code, output } = await runs(step);
      expect(code, `${step}: ${output}`).to.equal(0);
      if (step.includes(" diff ")) expect(output).to.contain("vault:open");
      if (step.includes(" apply ")) expect(output).to.contain("✓ saved");
    }
    const saved = readFileSync(place.meshFile, "utf8");
    expect(saved).to.equal(readFileSync(join(repository, "mesh.yaml"), "utf8"));
  });

  it("a change that does not do what the cases say stops before the mesh", async () => {
    edit("mesh.yaml", "vault:open", "agents:invoke");
    const [validate = "", test = ""] = steps();
    expect((await runs(validate)).code).to.equal(0);
    const { code, output } = await runs(test);
    expect(code).to.equal(1);
    expect(output).to.contain("guarded is not for everybody");
    edit("mesh.yaml", "agents:invoke", "vault:open");
  });

  it("a mistake is refused with its line, by the mesh too, and changes nothing", async () => {
    const before = readFileSync(place.meshFile, "utf8");
    edit("mesh.yaml", "to: echo", "to: ecco");
    for (const step of [steps()[0] ?? "", steps()[3] ?? ""]) {
      const { code, output } = await runs(step);
      expect(code, step).to.equal(1);
      expect(output)
        .to.match(/mesh\.yaml:\d+:\d+ error SC\d+ /)
        .and.to.contain("echo");
    }
    expect(readFileSync(place.meshFile, "utf8")).to.equal(before);
    edit("mesh.yaml", "to: ecco", "to: echo");
  });

  it("shows afterwards how far the gateways are, and who changed what", async () => {
    const [nodes = "", agents = ""] = guideCommands().filter((line) =>
      /(nodes|agents)$/.test(line),
    );
    const gateways = await runs(nodes);
    expect(gateways.code, gateways.output).to.equal(0);
    expect(gateways.output).to.match(/^edge +routes +SYNCED /m);
    const instances = await runs(agents);
    expect(instances.output).to.match(/^echo +\S+ .* healthy +held /m);
    expect(instances.output).to.match(/^guarded +no instance$/m);
    const audit = readFileSync(join(place.stateFolder, "audit.jsonl"), "utf8");
    const lines: readonly unknown[] = audit
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const applied = lines.filter((line) => textAt(line, "what") === "apply");
    expect(applied.map((line) => textAt(line, "who"))).to.include("ci");
  });

  it("shows nothing without a token, or with one that may not", async () => {
    const [, , diff = "", apply = ""] = steps();
    for (const line of [diff, apply, "npx smartcall nodes"]) {
      const { code, output } = await runs(line, { SMARTCALL_TOKEN: "" });
      expect(code, line).to.equal(1);
      expect(output).to.contain("token --scope mesh:admin");
    }
    const other = { cwd: root, env: place.env };
    const minted = await run(process.execPath, [smartcallBin, "token"], other);
    const refused = await runs(apply, { SMARTCALL_TOKEN: tokenIn(minted.output) });
    expect(refused.code).to.equal(1);
    expect(refused.output).to.contain("does not have the scope mesh:admin");
  });
});

/** The YAML block that follows the line which names the file. */
function blockAfter(name: string): string {
  const from = guide.indexOf(`\n\`${name}\`:\n`);
  const block = /^```yaml\n([\s\S]*?)^```/m.exec(guide.slice(from))?.[1];
  if (from < 0 || block === undefined) throw new Error(`the guide has no ${name}`);
  return block;
}

function workflow(): unknown {
  return parse(blockAfter(".github/workflows/mesh.yaml"));
}

/** What the workflow runs of ours. */
function steps(): readonly string[] {
  return listAt(workflow(), "jobs", "mesh", "steps")
    .map((step) => textAt(step, "run"))
    .filter((line) => line.startsWith("npx smartcall "));
}

/** Every command of the guide's shell blocks. */
function guideCommands(): readonly string[] {
  return [...guide.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) =>
    block.split("\n").filter((line) => line !== ""),
  );
}

function exportsIn(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [
    name,
    value,
  ]);
}

function textsOf(value: unknown): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, text]) => [name, String(text)]),
  );
}

/** npx may say something of its own before. */
function tokenIn(output: string): string {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/m.exec(output)?.[0] ?? "";
}

/** What a workflow's machine has, with nothing of ours. */
function ordinary(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("SMARTCALL_")));
}
