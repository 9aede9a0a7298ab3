import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Watching } from "../source/files/watch-content.ts";
import type { LastGood } from "../state/index.ts";
import { openAuthority, openDirectoryState } from "../state/index.ts";
import { followMesh } from "./follow-mesh.ts";

const good = "mesh: demo\nagents:\n  echo: {}\n";
const other = "mesh: demo\nagents:\n  echo: {}\n  poet: {}\n";
const broken = "mesh: demo\nagents:\n  echo: {}\nrutes: []\n";
const now = (): Date => new Date("2026-01-01T00:00:00Z");

describe("following a mesh's files", () => {
  let folder = "";
  let file = "";
  let following: Watching | undefined;
  let told: string[] = [];
  let wake = (): void => undefined;

  const follow = (lastGood?: LastGood): Watching =>
    followMesh(file, lastGood, now, {
      found: ({ config, named, from, restored, warnings }) => {
        const agents = [...config.agents.keys()].join(" ");
        const by = named.pair === undefined ? "" : " by files";
        const kept = restored ? `restored ${from.hash}` : "found";
        tell([`${kept}: ${agents}${by}`, ...warnings].join("\n"));
      },
      refused: (problems) => tell(`refused: ${problems.join("\n")}`),
    });
  const tell = (text: string): void => {
    told.push(text);
    wake();
  };
  const hears = async (count: number): Promise<readonly string[]> => {
    while (told.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return told;
  };
  const writePair = async (): Promise<void> => {
    const made = await openDirectoryState(join(folder, `state-${told.length}`));
    if (!made.ok) throw new Error(made.problem.message);
    const report = (): void => undefined;
    const authority = await openAuthority(made.value, { mesh: "demo", now: now(), report });
    if (!authority.ok) throw new Error(authority.problem.message);
    const { certificate, privateKey } = await authority.value.issueServerIdentity({
      commonName: "edge",
      names: [{ type: "dns", value: "localhost" }],
      validFrom: new Date("2025-12-31T00:00:00Z"),
      validUntil: new Date("2026-02-01T00:00:00Z"),
    });
    await writeFile(join(folder, "cert.pem"), certificate);
    await writeFile(join(folder, "key.pem"), privateKey);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-follow-"));
    file = join(folder, "mesh.yaml");
    told = [];
  });
  afterEach(async () => {
    await following?.close();
    following = undefined;
    await rm(folder, { recursive: true });
  });

  it("finds a good file, and each good one after it", async () => {
    await writeFile(file, good);
    following = follow();
    await hears(1);
    await writeFile(file, other);
    expect(await hears(2)).to.deep.equal(["found: echo", "found: echo poet"]);
  });

  it("A90 refuses a broken file with line and caret, and finds it again once it is mended", async () => {
    await writeFile(file, good);
    // Kept of an earlier start, and of no use beside what was found since.
    const files = [{ name: file, text: other }];
    following = follow({ files, hash: "kept", at: now() });
    await hears(1);
    await writeFile(file, broken);
    const [, refusal = ""] = await hears(2);
    expect(refusal)
      .to.contain(`${file}:4:1 error`)
      .and.to.contain("| rutes")
      .and.to.contain("^^^^^");
    await writeFile(file, good);
    expect((await hears(3)).at(-1)).to.equal("found: echo");
  });

  it("A93 takes a deleted file as an error, and as nothing else", async () => {
    await writeFile(file, good);
    following = follow();
    await hears(1);
    await rm(file);
    const [, refusal = ""] = await hears(2);
    expect(refusal).to.contain("refused:").and.to.contain(file);
  });

  it("finds the last good mesh where the first look finds a broken one", async () => {
    await writeFile(file, broken);
    const files = [{ name: file, text: other }];
    following = follow({ files, hash: "kept", at: now() });
    const [refusal = "", restored] = await hears(2);
    expect(refusal).to.match(/^refused/);
    expect(restored).to.equal("restored kept: echo poet");
  });

  it("finds nothing where neither the file nor what was kept is good", async () => {
    await writeFile(file, broken);
    following = follow({ files: [{ name: file, text: broken }], hash: "kept", at: now() });
    await hears(1);
    await writeFile(file, good);
    expect((await hears(2)).at(1)).to.equal("found: echo");
  });

  it("reads the certificate that it names", async () => {
    await writePair();
    const https = "{ certificate: { cert: { file: cert.pem }, key: { file: key.pem } } }";
    await writeFile(file, `${good}gateway:\n  https: ${https}\n`);
    following = follow();
    expect(await hears(1)).to.deep.equal(["found: echo by files"]);
    await rm(join(folder, "cert.pem"));
    await writeFile(file, `${other}gateway:\n  https: ${https}\n`);
    expect((await hears(2)).at(-1))
      .to.match(/^refused/)
      .and.to.contain("cert.pem");
  });
});
