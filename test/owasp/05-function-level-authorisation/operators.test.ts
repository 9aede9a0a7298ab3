// API5:2023: callers who try what only operators may, at the gateway and at the operator's pages.

import { request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { expect } from "chai";
import { expectRefusal } from "../../harness/expect-refusal.ts";
import type { Mesh } from "../../harness/mesh.ts";
import { asking, callRest } from "../../harness/rest.ts";
import { sharedMesh } from "../../harness/shared-mesh.ts";

/** What operators may see and change. */
const pages: readonly (readonly [string, string])[] = [
  ["GET", "/metrics"],
  ["GET", "/mesh"],
  ["GET", "/mesh/files"],
  ["POST", "/mesh/apply"],
  ["GET", "/nodes"],
  ["POST", "/nodes/forget"],
  ["GET", "/agents"],
  ["GET", "/keys"],
  ["POST", "/keys"],
  ["GET", "/budgets"],
  ["POST", "/budgets"],
  ["GET", "/revocations"],
  ["GET", "/config_dump"],
  ["POST", "/quitquitquit"],
  ["GET", "/stats"],
];

describe("OWASP API5: broken function level authorisation", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
  });

  it("an operator's token reads the pages, and does not call agents", async () => {
    const token = await mesh.token({ scope: "mesh:admin" });
    expect(
      (await ask(mesh.admin, "GET", "/nodes", { authorization: `Bearer ${token}` })).status,
    ).to.equal(200);
    const path = "/v1/agents/echo:invoke";
    const reply = await callRest(mesh, { path, token, body: asking("hello") });
    expectRefusal(reply, 403, "PERMISSION_DENIED", "SCOPE_MISSING");
  });

  it("a caller's token opens none of the operator's pages", async () => {
    const authorization = `Bearer ${await mesh.token()}`;
    for (const [method, page] of pages.slice(0, 12)) {
      const { status } = await ask(mesh.admin, method, page, { authorization });
      expect(status, `${method} ${page}`).to.equal(403);
    }
    for (const wrong of ["Bearer nonsense", "Basic bWU6bWU=", ""]) {
      const { status } = await ask(mesh.admin, "GET", "/nodes", { authorization: wrong });
      expect(status, wrong).to.equal(401);
    }
  });

  it("the gateway serves none of them, whatever the token", async () => {
    for (const scope of ["agents:invoke", "mesh:admin", "agents:invoke mesh:admin"]) {
      const token = await mesh.token({ scope });
      for (const [method, path] of pages) {
        const reply = await callRest(mesh, { method, path, token });
        expectRefusal(reply, 404, "NOT_FOUND", "UNKNOWN_PATH");
      }
    }
  });

  it("no web page reads or changes anything there, by its own name or by one that leads here", async () => {
    const [, rest = ""] = mesh.admin.split("//");
    const evil = { host: `evil.example:${rest.split(":")[1]}` };
    expect((await ask(mesh.admin, "GET", "/nodes", evil)).status).to.equal(403);
    const origin = { origin: "https://evil.example" };
    for (const [method, page] of pages.slice(0, 12).filter(([each]) => each === "POST")) {
      expect((await ask(mesh.admin, method, page, origin)).status, page).to.equal(403);
    }
    const seen = await ask(mesh.admin, "GET", "/nodes", origin);
    expect(seen.headers).to.not.have.property("access-control-allow-origin");
  });

  it("Envoy's own pages change nothing, and nobody hears of the join token there", async () => {
    for (const [method, page] of [
      ["POST", "/quitquitquit"],
      ["POST", "/healthcheck/fail"],
      ["POST", "/drain_listeners"],
      ["POST", "/logging?level=trace"],
      ["POST", "/runtime_modify?a=b"],
      ["POST", "/reset_counters"],
      ["POST", "/cpuprofiler?enable=y"],
      ["GET", "/"],
    ] as const) {
      expect((await ask(mesh.envoyAdmin, method, page)).status, page).to.equal(403);
    }
    expect((await ask(mesh.envoyAdmin, "GET", "/ready")).status).to.equal(200);
  });

  it("all of it is on loopback only", async () => {
    const { SMARTCALL_CONTROL_PLANE: controlPlane } = mesh.env;
    const ports = [mesh.admin, mesh.envoyAdmin, `http://${controlPlane}`].map((url) =>
      Number(new URL(url).port),
    );
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4")
      .map(({ address }) => address);
    for (const host of others) {
      for (const port of ports)
        expect(await listens(host, port), `${host}:${port}`).to.equal(false);
    }
    for (const port of ports) expect(await listens("127.0.0.1", port)).to.equal(true);
  });
});

function ask(
  base: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${base}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    sent.once("error", reject);
    sent.end();
  });
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const finish = (is: boolean) => (): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", finish(true));
    socket.once("error", finish(false));
    socket.once("timeout", finish(false));
  });
}
