// A real Envoy's own pages: what it shows, and what it lets nobody change.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { findEnvoy } from "./find-envoy.ts";
import { shownPages } from "./shown-pages.ts";

describe("Envoy's own pages", function () {
  this.timeout(60_000);
  let folder: string;
  let end: () => Promise<unknown>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "shown-pages-"));
    const address = { pipe: { path: "admin.sock", mode: 0o600 } };
    const bootstrap = { admin: { address, allow_paths: shownPages } };
    writeFileSync(join(folder, "bootstrap.json"), JSON.stringify(bootstrap));
    const root = fileURLToPath(new URL("../../", import.meta.url));
    const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
    const found = await findEnvoy({ envoyBin, path, root });
    if (!found.ok) throw new Error(found.problem);
    const args = ["--config-path", "bootstrap.json", "--use-dynamic-base-id"];
    const envoy = spawn(found.binary.path, args, { cwd: folder, stdio: "ignore" });
    end = () => {
      envoy.kill("SIGKILL");
      return once(envoy, "exit");
    };
    for (let tries = 0; (await status("GET", "/ready")) !== 200 && tries < 400; tries += 1) {
      await sleep(100);
    }
  });
  after(async () => {
    await end();
    rmSync(folder, { recursive: true });
  });

  const status = (method: string, path: string): Promise<number | undefined> =>
    new Promise((resolve) => {
      const socketPath = join(folder, "admin.sock");
      request({ socketPath, path, method }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .once("error", () => resolve(undefined))
        .end();
    });

  it("are shown where they only show, with any query", async () => {
    const paths = ["/stats", "/stats?filter=x", "/stats/prometheus", "/config_dump?include_eds"];
    const answers = await Promise.all(paths.map((path) => status("GET", path)));
    expect(answers).to.deep.equal([200, 200, 200, 200]);
  });

  for (const path of [
    "/stats/recentlookups/enable",
    "/stats/recentlookups/clear",
    "/reset_counters",
    "/logging?level=trace",
    "/quitquitquit",
  ]) {
    it(`change nothing: POST ${path}`, async () => {
      expect(await status("POST", path)).to.equal(403);
    });
  }
});
