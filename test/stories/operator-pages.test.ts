// The operator's pages, beside a mesh that runs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { eventually } from "../harness/eventually.ts";
import { listAt, textAt, valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { run } from "../harness/smartcall.ts";

const guide = readFileSync(join(root, "docs", "watch-a-mesh.md"), "utf8");

describe("the operator's pages", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
  });

  it("say that the control plane lives and is ready", async () => {
    for (const page of ["/healthz", "/readyz"]) {
      expect((await fetch(`${mesh.admin}${page}`)).status, page).to.equal(200);
    }
  });

  it("show what each node was sent of each type, and that it took it", async () => {
    // What another story has saved last may be on its way yet.
    await eventually(async () => {
      const page: unknown = await (await fetch(`${mesh.admin}/nodes`)).json();
      const streams = listAt(page, "nodes").flatMap((node) => listAt(node, "streams"));
      const clusters = streams.map((each) => textAt(each, "cluster"));
      expect(clusters).to.include.members(["agent/assistant", "agent/echo", "gateway"]);
      const stream = streams[clusters.indexOf("gateway")];
      expect(textAt(stream, "envoyVersion")).to.match(/1\.40/);
      for (const type of ["cluster", "endpoint", "listener", "route", "secret", "extension"]) {
        const row = valueAt(stream, "types", type);
        expect(textAt(row, "state"), `${type}: ${JSON.stringify(row)}`).to.equal("SYNCED");
        expect(textAt(row, "ackedVersion")).to.equal(textAt(row, "sentVersion"));
      }
    });
  });

  it("are those that docs/watch-a-mesh.md lists, and only its first three need no token", async () => {
    const [, table = ""] = /^\| page [^\n]*\n([\s\S]*?)\n\n/m.exec(guide) ?? [];
    const rows = table.split("\n").slice(1);
    expect(rows).to.have.length(9);
    for (const row of rows) {
      const [, pages = ""] = row.split("|");
      for (const [, page = ""] of pages.matchAll(/`(\S+)`/g)) {
        const headers = { authorization: "Bearer none" };
        expect((await fetch(`${mesh.admin}${page}`)).status, page).to.equal(200);
        const { status } = await fetch(`${mesh.admin}${page}`, { headers });
        expect(status, page).to.equal(row.includes("Needs no token.") ? 200 : 401);
      }
    }
  });

  it("list the instances that run, with their leases", async () => {
    const page: unknown = await (await fetch(`${mesh.admin}/agents`)).json();
    const instances = listAt(page, "agents").map(
      (one) => `${textAt(one, "agent")} ${textAt(one, "lease")} ${String(valueAt(one, "healthy"))}`,
    );
    expect(instances).to.include.members(["assistant held true", "echo held true"]);
  });

  it("give Prometheus its numbers, those that docs/watch-a-mesh.md names among them", async () => {
    const [, command = ""] = /^```sh\n(curl .*)\n```/m.exec(guide) ?? [];
    const line = command.replace("http://127.0.0.1:9000", mesh.admin);
    const { output: text } = await run("sh", ["-c", `${line} -sS`], {
      cwd: mesh.folder,
      env: mesh.env,
    });
    expect(text).to.match(/^smartcall_xds_streams [1-9]\d*$/m);
    const named = [...guide.matchAll(/`(smartcall_\w+)`/g)].map(([, name = ""]) => name);
    expect(named).to.have.length(4);
    for (const name of named) expect(text).to.contain(`# TYPE ${name} `);
    expect(text).to.match(/^process_cpu_seconds_total /m);
  });

  it("hold no secret", async () => {
    for (const page of ["/nodes", "/agents", "/metrics"]) {
      const text = await (await fetch(`${mesh.admin}${page}`)).text();
      expect(text, page).to.not.match(/PRIVATE KEY|Bearer [A-Za-z0-9]/);
    }
  });
});
