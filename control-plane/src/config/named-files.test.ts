import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Watching } from "../source/files/watch-content.ts";
import { openAuthority, openDirectoryState } from "../state/index.ts";
import { followNamedFiles } from "./follow-named-files.ts";
import type { MeshConfig } from "./mesh-config.ts";
import { type NamedFiles, readNamedFiles } from "./named-files.ts";
import { parseMesh } from "./parse-mesh.ts";

const now = new Date("2026-01-01T00:00:00Z");

describe("the other files that a mesh names", () => {
  let folder = "";
  let watching: Watching | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-named-"));
  });
  afterEach(async () => {
    await watching?.close();
    watching = undefined;
    await rm(folder, { recursive: true });
  });

  const keySet = (kid: string): string => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid }] });
  };
  const configOf = (...lines: readonly string[]): MeshConfig => {
    const text = ["mesh: demo", "agents: { echo: {} }", ...lines].join("\n");
    const parsed = parseMesh([{ name: join(folder, "mesh.yaml"), text }]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    return parsed.config;
  };

  it("are refused at their lines: no authorities of clients, no keys, keys that sign", async () => {
    const config = configOf(
      "gateway: { clients: { ca: { file: clients.pem } } }",
      "identity:",
      "  - { issuer: a, audiences: [x], keys: { url: https://a.example.com, ca: { file: a.pem } } }",
      "  - { issuer: b, audiences: [x], keys: { file: none.json } }",
      "  - { issuer: c, audiences: [x], keys: { file: text.json } }",
      "  - { issuer: d, audiences: [x], keys: { file: empty.json } }",
      "  - { issuer: e, audiences: [x], keys: { file: secret.json } }",
    );
    const secret = JSON.stringify({ keys: [{ kty: "oct", k: "c2VjcmV0" }] });
    await writeFile(join(folder, "clients.pem"), "nothing");
    await writeFile(join(folder, "text.json"), "nothing");
    await writeFile(join(folder, "empty.json"), '{"keys":[]}');
    await writeFile(join(folder, "secret.json"), secret);
    const { diagnostics } = await readNamedFiles(config, now);
    expect(diagnostics.map(({ at, code }) => `${at.line} ${code}`)).to.deep.equal([
      "3 SC007",
      "5 SC006",
      "6 SC006",
      "7 SC011",
      "8 SC012",
      "9 SC013",
    ]);
    expect(JSON.stringify(diagnostics)).to.not.include("c2VjcmV0");
  });

  it("are told again when keys are exchanged, and kept when they cannot be used", async () => {
    const file = join(folder, "keys.json");
    const config = configOf("identity: [{ issuer: a, audiences: [x], keys: { file: keys.json } }]");
    await writeFile(file, keySet("one"));
    const told: string[] = [];
    const first = await readNamedFiles(config, now);
    watching = followNamedFiles(config, first, () => now, {
      renewed: ({ issuerFiles }) => {
        told.push(/"kid":"(\w+)"/.exec(issuerFiles.get("a") ?? "")?.[1] ?? "none");
      },
      refused: ([problem = ""]) => told.push(/SC\d+/.exec(problem)?.[0] ?? problem),
    });
    await replace(file, "{");
    await until(() => told.length === 1);
    await replace(file, keySet("two"));
    await until(() => told.length === 2);
    expect(told).to.deep.equal(["SC011", "two"]);
  });

  const replace = async (file: string, text: string): Promise<void> => {
    await writeFile(`${file}.next`, text);
    await rename(`${file}.next`, file);
  };
});

describe("the authorities that a mesh names", () => {
  let folder = "";
  let ca = "";
  let config: MeshConfig;
  let watching: Watching | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-named-"));
    ca = join(folder, "ca.pem");
    await writeFile(ca, await authority("one"));
    const instances = "instances: { dns: a.internal:1, tls: { ca: { file: ca.pem } } }";
    const text = `mesh: demo\nagents:\n  poet: { ${instances} }\n  writer: { ${instances} }\n`;
    const parsed = parseMesh([{ name: join(folder, "mesh.yaml"), text }]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    config = parsed.config;
  });
  afterEach(async () => {
    await watching?.close();
    watching = undefined;
    await rm(folder, { recursive: true });
  });

  const authority = async (name: string): Promise<string> => {
    const state = await openDirectoryState(join(folder, name));
    if (!state.ok) throw new Error(state.problem.message);
    const report = (): void => undefined;
    const made = await openAuthority(state.value, { mesh: "demo", now, report });
    if (!made.ok) throw new Error(made.problem.message);
    return made.value.certificate;
  };
  const found = async (): Promise<readonly string[]> => {
    const { diagnostics } = await readNamedFiles(config, now);
    return diagnostics.map(({ at, code }) => `${at.line} ${code}`);
  };

  it("are read for each agent, without what stands around them", async () => {
    const [one, other] = [await authority("one"), await authority("other")];
    await writeFile(ca, `# ours\n${one}\n# theirs\n${other}`);
    const { authorities, diagnostics } = await readNamedFiles(config, now);
    expect(diagnostics).to.deep.equal([]);
    expect([...authorities.keys()]).to.deep.equal(["poet", "writer"]);
    expect(authorities.get("poet")).to.equal(`${one.trim()}\n${other.trim()}\n`);
  });

  it("are refused at the lines that name them, where one is missing or none", async () => {
    await writeFile(ca, "nothing");
    expect(await found()).to.deep.equal(["3 SC007", "4 SC007"]);
    await writeFile(ca, `${await authority("one")}\n${broken}`);
    expect(await found()).to.deep.equal(["3 SC007", "4 SC007"]);
    await rm(ca);
    expect(await found()).to.deep.equal(["3 SC006", "4 SC006"]);
  });

  it("are told again when their file changes, and kept while it cannot be used", async () => {
    const told: string[] = [];
    let wake = (): void => undefined;
    const tell = (text: string): void => {
      told.push(text);
      wake();
    };
    const hears = async (count: number): Promise<void> => {
      while (told.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    const next = await authority("next");
    const names = (files: NamedFiles): string =>
      [...files.authorities]
        .map(([agent, pem]) => `${agent} ${pem.trim() === next.trim() ? "next" : "first"}`)
        .join();
    watching = followNamedFiles(config, await readNamedFiles(config, now), () => now, {
      renewed: (files) => tell(names(files)),
      refused: ([problem = ""]) => tell(problem.split("\n")[0] ?? ""),
    });
    await writeFile(join(folder, "next.pem"), next);
    await rename(join(folder, "next.pem"), ca);
    await hears(2);
    // One after the other, each with what the other is at the time.
    expect(told.at(-1)).to.equal("poet next,writer next");
    await rm(ca);
    await hears(4);
    expect(told.slice(2).every((text) => text.includes("SC006"))).to.equal(true);
  });
});

const broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !isSo(); ) {
    if (Date.now() > end) expect.fail("it did not happen within 10 s");
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
