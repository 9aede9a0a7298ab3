// Which processes of a mesh have the keys that its files name: the control plane alone.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Child, endGroup } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { type MeshPlace, prepareMesh, removePlace, startUp } from "../harness/mesh.ts";
import { meshYaml } from "../harness/mesh-yaml.ts";
import { processesMarked, processMarked } from "../harness/processes.ts";

const first = "sk-first-of-the-story";
const second = "sk-second-of-the-story";
const operators = "token-of-an-operator";

describe("the keys of a mesh", function () {
  this.timeout(120_000);
  let place: MeshPlace;
  let up: Child;

  before(async () => {
    const env = { OPENAI_API_KEY: first, SEARCH_KEY: second, SMARTCALL_TOKEN: operators };
    const prepared = await prepareMesh({ env });
    const folder = join(prepared.folder, "mesh");
    mkdirSync(folder);
    writeFileSync(join(folder, "mesh.yaml"), meshYaml(prepared.yaml));
    place = {
      ...prepared,
      meshFile: folder,
      env: { ...prepared.env, SMARTCALL_MESH: folder },
    };
    name("openai", "OPENAI_API_KEY");
    up = startUp(place);
    await up.says(/Stop +Ctrl-C/, 90_000);
  });
  after(async () => {
    await endGroup(up);
    removePlace(place);
  });

  /** Names the variables in another file of the mesh's folder. */
  const name = (...pairs: readonly string[]): void => {
    const hosts = pairs.flatMap((host, at) =>
      at % 2 === 0
        ? [`  - { name: ${host}, host: localhost, key: { env: ${pairs[at + 1]} } }`]
        : [],
    );
    writeFileSync(join(place.meshFile, "egress.yaml"), `egress:\n${hosts.join("\n")}\n`);
  };
  const has = (pid: number, secret: string): boolean =>
    readFileSync(`/proc/${pid}/environ`, "utf8").includes(secret);
  const holders = (secret: string): readonly string[] =>
    processesMarked(place.mark)
      .filter(({ pid }) => has(pid, secret))
      .map(({ command }) => command)
      .sort();
  const echo = (): number => processMarked(place.mark, /services\/echo|dist\/echo\.js/);

  it("are in the environment of the control plane, and of `smartcall up`, and of nothing else", () => {
    expect(processesMarked(place.mark)).to.have.length.of.at.least(7);
    const [one, two, ...more] = holders(first);
    expect(more).to.deep.equal([]);
    expect(`${one} ${two}`)
      .to.include(" up")
      .and.to.match(/control-plane\/dist\/(bundle\/)?main\.js/);
    expect(holders(operators)).to.have.length(1);
  });

  it("are withheld from agents that start after mesh.yaml names them", async () => {
    const before = echo();
    expect(has(before, second)).to.equal(true);
    name("openai", "OPENAI_API_KEY", "search", "SEARCH_KEY");
    await up.says("mesh.yaml is taken");
    process.kill(before, "SIGKILL");
    await eventually(
      () => {
        const after = echo();
        expect(after).to.not.equal(before);
        expect(has(after, second)).to.equal(false);
      },
      { withinMs: 30_000 },
    );
  });
});
