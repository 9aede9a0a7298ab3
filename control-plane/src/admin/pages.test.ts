import { type IncomingMessage, request } from "node:http";
import { expect } from "chai";
import type { ApplyFiles } from "./apply-page.ts";
import { createBudgetOffice } from "./budget-office.ts";
import { type Listening, listenForOperators } from "./listen.ts";
import { createMetrics } from "./metrics.ts";
import { createPages } from "./pages.ts";

describe("the operator's pages", () => {
  let ready = false;
  const metrics = createMetrics();
  const failures: unknown[] = [];
  let nodes = (): unknown => [{ node: "edge" }];
  let listening: Listening;
  const applied: unknown[] = [];
  const apply: ApplyFiles = async (sent, who, tell) => {
    applied.push({ ...sent, who });
    tell({ step: "checked" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    tell({ step: "saved" });
  };

  before(async () => {
    const pages = createPages({
      access: { from: "machine", check: () => ({ ok: false, kind: "token", why: "none is" }) },
      ready: () => ready,
      metrics,
      mesh: () => ({ mesh: "demo" }),
      files: () => ({ hash: "1", files: [{ name: "mesh.yaml", text: "mesh: demo" }] }),
      apply: () => (ready ? apply : undefined),
      nodes: () => nodes(),
      agents: () => [{ agent: "echo", healthy: true }],
      docs: { document: () => undefined, docsFile: () => undefined },
      listed: () => [{ agent: "late", addresses: [], calls: [], hidden: false }],
      keys: () => undefined,
      budgets: createBudgetOffice({
        services: [],
        describe: () => undefined,
        audit: { note: () => undefined },
      }),
      keySet: () => '{"keys":[]}',
      forgetNode: () => false,
      failed: (error) => failures.push(error),
    });
    listening = await listenForOperators(pages, { host: "127.0.0.1", port: 0 });
  });
  after(async () => {
    if (listening.ok) await listening.close();
  });

  const get = (path: string, host = "localhost"): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const port = listening.ok ? listening.port : 0;
      const read = (response: IncomingMessage): void => {
        let body = "";
        response.on("data", (chunk) => {
          body += String(chunk);
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      };
      request({ host: "127.0.0.1", port, path, headers: { host } }, read).on("error", reject).end();
    });

  it("A08 is alive from the start, and ready only once a model is loaded", async () => {
    expect((await get("/healthz")).status).to.equal(200);
    expect((await get("/readyz")).status).to.equal(503);
    ready = true;
    expect((await get("/readyz")).status).to.equal(200);
  });

  it("shows the mesh, nodes and agents as JSON", async () => {
    expect(JSON.parse((await get("/mesh")).body)).to.deep.equal({ mesh: "demo" });
    expect(JSON.parse((await get("/nodes")).body)).to.deep.equal({
      nodes: [{ node: "edge" }],
      mesh: { mesh: "demo" },
    });
    expect(JSON.parse((await get("/agents")).body)).to.deep.equal({
      agents: [{ agent: "echo", healthy: true }],
      listed: [{ agent: "late", addresses: [], calls: [], hidden: false }],
    });
  });

  it("applies files, tells each step when it is done, and knows who asked", async () => {
    const files = [{ name: "mesh.yaml", text: "mesh: demo" }];
    const port = listening.ok ? listening.port : 0;
    const response = await fetch(`http://localhost:${port}/mesh/apply`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ files, folder: true }),
    });
    expect(response.headers.get("content-type")).to.equal("application/x-ndjson");
    const pieces: string[] = [];
    for await (const piece of response.body ?? []) pieces.push(new TextDecoder().decode(piece));
    expect(pieces).to.deep.equal(['{"step":"checked"}\n', '{"step":"saved"}\n']);
    expect(applied).to.deep.equal([{ files, folder: true, who: "local" }]);
  });

  it("applies nothing that is not files", async () => {
    const port = listening.ok ? listening.port : 0;
    const before = applied.length;
    for (const body of ["[]", "{}", '{"files":{}}', '{"files":[{"name":"a"}]}', '{"files":[7]}']) {
      const headers = { "content-type": "application/json" };
      const url = `http://localhost:${port}/mesh/apply`;
      const { status } = await fetch(url, { method: "POST", headers, body });
      expect(status, body).to.equal(400);
    }
    expect(applied).to.have.length(before);
  });

  it("A02 counts what happens on xDS streams, what is refused, and leases", async () => {
    const moment = { at: 1, stream: "s" };
    const answer = { ...moment, type: "route", nonce: "n", version: "v" } as const;
    metrics.observe({ ...moment, kind: "opened", variant: "delta", proof: { kind: "owner" } });
    metrics.observe({ ...moment, kind: "opened", variant: "delta", proof: { kind: "owner" } });
    metrics.observe({ ...moment, kind: "closed", reason: "gone" });
    metrics.observe({ ...answer, kind: "sent", reason: "lease", resources: 1, removed: 0 });
    const refusal = { code: 3, message: "bad" };
    metrics.observe({ ...answer, kind: "nacked", node: "n", refusal, suspects: [] });
    metrics.observe({ ...moment, kind: "converged", ms: 200, refused: false });
    metrics.observe({ ...moment, kind: "unknown type", typeUrl: "x" });
    const code = "UNAUTHENTICATED";
    metrics.observe({ at: 1, kind: "refused stream", code, message: "no", peer: "p" });
    metrics.configRefused();
    metrics.servesLastGood(true);
    metrics.leases(2);
    const { body } = await get("/metrics");
    for (const line of [
      "smartcall_xds_streams 1",
      'smartcall_xds_pushes_total{type="route",reason="lease"} 1',
      'smartcall_xds_nacks_total{type="route"} 1',
      'smartcall_xds_convergence_seconds_bucket{le="0.25"} 1',
      'smartcall_xds_refused_streams_total{code="UNAUTHENTICATED"} 1',
      "smartcall_xds_unknown_type_requests_total 1",
      "smartcall_config_errors_total 1",
      "smartcall_last_good 1",
      "smartcall_leases 2",
    ]) {
      expect(body).to.include(line);
    }
  });

  it("answers any other path with 404 in JSON", async () => {
    const { status, body } = await get("/config");
    expect(status).to.equal(404);
    expect(JSON.parse(body).error).to.include({ code: 404, status: "NOT_FOUND" });
  });

  it("tells a reader only that a page failed, and the log why", async () => {
    nodes = () => {
      throw new Error("inner detail");
    };
    const { status, body } = await get("/nodes");
    expect(status).to.equal(500);
    expect(body).not.to.include("inner detail");
    expect(String(failures[0])).to.include("inner detail");
  });

  it("answers nobody who came by another name than localhost", async () => {
    expect((await get("/nodes", "evil.example")).status).to.equal(403);
    expect((await get("/healthz", "127.0.0.1:9000")).status).to.equal(200);
    expect((await get("/healthz", "[::1]:9000")).status).to.equal(200);
  });

  it("listens without a certificate only on loopback, and says when it cannot", async () => {
    for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.evil.example"]) {
      const open = await listenForOperators(() => undefined, { host, port: 0 });
      expect(open.ok ? "" : open.problem).to.include(`cannot listen on ${host}`);
    }
    const port = listening.ok ? listening.port : 0;
    const taken = await listenForOperators(() => undefined, { host: "127.0.0.1", port });
    expect(taken.ok ? "" : taken.problem).to.include(`127.0.0.1:${port}`);
  });
});
