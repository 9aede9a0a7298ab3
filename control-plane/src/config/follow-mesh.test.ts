import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { LastGood } from "../state/index.ts";
import { openAuthority, openDirectoryState } from "../state/index.ts";
import { type Following, followMesh } from "./follow-mesh.ts";

const good = "mesh: demo\nagents:\n  echo: {}\n";
const other = "mesh: demo\nagents:\n  echo: {}\n  poet: {}\n";
const broken = "mesh: demo\nagents:\n  echo: {}\nrutes: []\n";
const now = (): Date => new Date("2026-01-01T00:00:00Z");

describe("following a mesh's files", () => {
  let folder = "";
  let file = "";
  let following: Following | undefined;
  let told: string[] = [];
  let wake = (): void => undefined;

  const follow = (lastGood?: LastGood): Following =>
    followMesh(file, lastGood, now, {
      accepted: ({ config, pair }, _from, restored) => {
        const agents = [...config.agents.keys()].join(" ");
        const by = pair === undefined ? "" : " by files";
        tell(`${restored ? "restored" : "accepted"}: ${agents}${by}`);
      },
      renewed: () => tell("renewed"),
      refused: (problems) => tell(`refused: ${problems.join("\n")}`),
      warned: (warnings) => tell(`warned: ${warnings.join("\n")}`),
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

  it("takes a good file, and each good one after it", async () => {
    await writeFile(file, good);
    following = follow();
    await hears(1);
    await writeFile(file, other);
    expect(await hears(2)).to.deep.equal(["accepted: echo", "accepted: echo poet"]);
    expect(following.standing().served?.restored).to.equal(false);
  });

  it("A90 refuses a broken file with line and caret, and keeps serving", async () => {
    await writeFile(file, good);
    following = follow();
    await hears(1);
    const served = following.standing().served;
    await writeFile(file, broken);
    const [, refusal = ""] = await hears(2);
    expect(refusal)
      .to.contain(`${file}:4:1 error`)
      .and.to.contain("| rutes")
      .and.to.contain("^^^^^");
    expect(following.standing().served).to.deep.equal(served);
    expect(following.standing().refused?.problems).to.have.length(1);
    await writeFile(file, other);
    await hears(3);
    expect(following.standing().refused).to.equal(undefined);
  });

  it("A93 takes a deleted file as an error, and keeps serving", async () => {
    await writeFile(file, good);
    following = follow();
    await hears(1);
    await rm(file);
    const [, refusal = ""] = await hears(2);
    expect(refusal).to.contain("refused:").and.to.contain(file);
    expect(following.standing().served).not.to.equal(undefined);
  });

  it("serves the last good mesh where the first look finds a broken one", async () => {
    await writeFile(file, broken);
    const files = [{ name: file, text: other }];
    following = follow({ files, hash: "kept", at: now() });
    const [refusal = "", restored] = await hears(2);
    expect(refusal).to.match(/^refused/);
    expect(restored).to.equal("restored: echo poet");
    expect(following.standing().served).to.deep.equal({
      hash: "kept",
      since: now(),
      restored: true,
    });
  });

  it("serves nothing where neither the file nor what was kept is good", async () => {
    await writeFile(file, broken);
    following = follow({ files: [{ name: file, text: broken }], hash: "kept", at: now() });
    await hears(1);
    await writeFile(file, good);
    expect((await hears(2)).at(1)).to.equal("accepted: echo");
  });

  it("takes a certificate from files, and each that takes its place", async () => {
    await writePair();
    const https = "{ certificate: { cert: { file: cert.pem }, key: { file: key.pem } } }";
    await writeFile(file, `${good}gateway:\n  https: ${https}\n`);
    following = follow();
    expect(await hears(1)).to.deep.equal(["accepted: echo by files"]);
    await writePair();
    expect((await hears(2)).at(-1)).to.equal("renewed");
    await writeFile(join(folder, "cert.pem"), "no certificate");
    const refusal = (await hears(3)).at(-1);
    expect(refusal)
      .to.match(/^refused/)
      .and.to.contain("cert.pem");
  });
});
