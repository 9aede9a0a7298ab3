import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { findEnvoy } from "./index.ts";
import { writeApi } from "./write-api.ts";

describe("writeApi", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "write-api-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("writes the API of the real binary once, and again only when something changed", async function () {
    this.timeout(30_000);
    const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
    const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
    const found = await findEnvoy({ envoyBin, path, root });
    if (!found.ok) throw new Error(found.problem);
    const gen = join(folder, "gen");

    expect(await writeApi(found.binary.path, gen)).to.deep.equal({ ok: true, written: true });
    const cluster = join(gen, "envoy/config/cluster/v3/cluster_pb.d.ts");
    expect(await readFile(cluster, "utf8")).to.contain("healthyPanicThreshold");
    const registry = await readFile(join(gen, "registry.js"), "utf8");
    expect(registry).to.contain("file_envoy_config_cluster_v3_cluster");

    const { mtimeMs } = await stat(cluster);
    expect(await writeApi(found.binary.path, gen)).to.deep.equal({ ok: true, written: false });
    expect((await stat(cluster)).mtimeMs).to.equal(mtimeMs);
  });

  it("says what a program lacks that is no Envoy, and writes nothing", async () => {
    const written = await writeApi(process.execPath, join(folder, "gen"));
    const problem = written.ok ? "" : written.problem;
    expect(problem).to.match(/ is no whole Envoy 1\.40, for envoy\/\S+\.proto and \d+ more /);
    expect(problem.length - process.execPath.length).to.be.lessThan(200);
    const error: unknown = await stat(join(folder, "gen")).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error);
  });
});
