// README.md followed line by line, and the mistake that docs/errors.md shows.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { blocksOf } from "../checks/pages.ts";
import { readSource, root } from "../checks/repository.ts";
import { linkModules } from "../harness/link-modules.ts";
import type { Mesh } from "../harness/mesh.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { run, smartcall } from "../harness/smartcall.ts";

const [up = "", curl = "", call = "", agent = ""] = blocksOf(readSource("README.md")).map(
  ({ text }) => text.trim(),
);

describe("the README", function () {
  this.timeout(90_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
    linkModules(mesh.folder);
  });

  const shell = async (line: string, cwd = mesh.folder): Promise<string> => {
    // Else npm mixes its own warnings into what is read here.
    const env = { ...mesh.env, npm_config_loglevel: "silent" };
    const { code, output } = await run("sh", ["-c", line], { cwd, env });
    expect(code, output).to.equal(0);
    return output;
  };

  it("starts a mesh by its first command, which says so of one that runs", async () => {
    expect(await shell(up, root)).to.contain(`The mesh "test" runs at ${mesh.url}`);
  });

  it("asks by curl, and is answered in the shape that it shows", async () => {
    const [line = "", answer = ""] = curl.split("\n");
    const token = await mesh.token();
    const left = `-sS --cacert ${mesh.caFile} -H 'authorization: Bearer ${token}' -H 'content-type: application/json'`;
    const whole = line.slice("$ ".length).replace("…", left);
    const said = await shell(whole.replace("https://localhost:8443", mesh.url));
    const literal = answer.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    // A model may put it otherwise; the rest stands as it is shown.
    const pattern = literal.replace("The capital of France is Paris\\.", "…Paris…");
    expect(said.trim()).to.match(new RegExp(`^${pattern.replaceAll("…", "[^]*")}$`));
  });

  it("asks from the terminal", async () => {
    expect(await shell(call)).to.contain("Paris");
  });

  it("begins an agent by the commands of the guide, which says more", () => {
    const guide = readFileSync(join(root, "docs", "write-an-agent.md"), "utf8");
    const lines = agent.split("\n");
    expect(lines).to.have.length(3);
    for (const line of lines) expect(guide).to.match(new RegExp(`^${line}(?: +#.*)?$`, "m"));
  });
});

describe("docs/errors.md", () => {
  it("shows what is printed of a mistake", async () => {
    const [shown = ""] = blocksOf(readSource("docs/errors.md")).map(({ text }) => text);
    const mesh = await sharedMesh();
    const file = join(mesh.folder, "mistaken.yaml");
    const lines = ["mesh: demo", "agents:", "  writer: {}", "routes:", ...Array(8).fill("")];
    const route = ["  - name: writing", "    match: { agent: writr }", ""];
    writeFileSync(file, [...lines, ...route].join("\n"));
    const { code, output } = await smartcall(["validate", file], {
      cwd: mesh.folder,
      env: mesh.env,
    });
    expect(code).to.equal(1);
    expect(output).to.contain(shown.slice("mesh.yaml".length));
  });
});
