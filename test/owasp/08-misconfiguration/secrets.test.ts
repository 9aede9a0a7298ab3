// API8:2023: no secret stands in a log, a page, an error, a dump or what the command line prints.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { eventually } from "../../harness/eventually.ts";
import { type Mesh, startMesh } from "../../harness/mesh.ts";
import { asking, callRest } from "../../harness/rest.ts";
import { smartcall } from "../../harness/smartcall.ts";

describe("OWASP API8: secrets", function () {
  this.timeout(90_000);
  let mesh: Mesh;
  let secrets: ReadonlyMap<string, string>;
  before(async () => {
    mesh = await startMesh({ services: ["echo"] });
    const token = await mesh.token({ subject: "ann" });
    const operator = await mesh.token({ scope: "mesh:admin", subject: "ops" });
    const made = await run(["key", "create", "--subject", "billing", "--json"]);
    const key = /"(ey[^"]+)"/.exec(made)?.[1] ?? "";
    expect(key).to.match(/^ey/);
    const of = (value: string): string => value.split(".")[2] ?? value;
    const state = readTree(mesh.stateFolder);
    const privateKeys = [...state].flatMap(([name, text]) =>
      /PRIVATE KEY/.test(text) ? [[`the private key in ${name}`, middleOf(text)] as const] : [],
    );
    const signing = [...state].flatMap(([name, text]) =>
      [...text.matchAll(/"d": ?"([^"]+)"/g)].map(
        ([, d = ""]) => [`a signing key in ${name}`, d] as const,
      ),
    );
    secrets = new Map([
      ["a caller's token", of(token)],
      ["an operator's token", of(operator)],
      ["an API key", of(key)],
      ["what a caller said", "my-own-words-7f3a"],
      ["the join token", readFileSync(join(mesh.stateFolder, "join-token"), "utf8").trim()],
      ...privateKeys,
      ...signing,
    ]);
    expect(privateKeys.length + signing.length).to.be.greaterThan(1);
    const call = (bearer: string, path = "/v1/agents/echo:invoke") =>
      callRest(mesh, { path, token: bearer, body: asking("my-own-words-7f3a") });
    expect((await call(token)).status).to.equal(200);
    await callRest(mesh, {
      path: "/v1/agents/echo:invoke",
      headers: { "x-api-key": key },
      body: asking("my-own-words-7f3a"),
    });
    for (const bearer of [token, operator, `${token}x`]) {
      await call(bearer, `/v1/agents/echo:invoke?access_token=${bearer}`);
      await call(bearer, "/v1/agents/nobody:invoke");
      await fetch(`${mesh.admin}/nodes?token=${bearer}`, {
        headers: { authorization: `Bearer ${bearer}` },
      });
      await fetch(`${mesh.admin}/keys`, {
        method: "POST",
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
        body: `{"nonsense":"${bearer}"}`,
      });
    }
  });
  after(() => mesh?.stop());

  const run = async (args: readonly string[]): Promise<string> =>
    (await smartcall(args, { cwd: mesh.folder, env: mesh.env })).output;

  function expectNone(where: string, text: string, but: readonly string[] = []): void {
    expect(text, where).to.not.equal("");
    for (const [what, value] of secrets) {
      if (but.includes(what)) continue;
      expect(text.includes(value), `${what} stands in ${where}`).to.equal(false);
    }
  }

  it("in no log", async () => {
    const log = (name: string): string =>
      readFileSync(join(mesh.stateFolder, "logs", `${name}.log`), "utf8");
    const names = readdirSync(join(mesh.stateFolder, "logs")).map((name) =>
      name.replace(/\.log$/, ""),
    );
    expect(names).to.include.members(["control-plane", "echo"]);
    // The gateway writes its lines a second later.
    await eventually(() => {
      const all = names.map(log).join("");
      expect(all).to.match(/"agent":"echo"/);
    });
    for (const name of names) {
      const text = log(name);
      if (text !== "") expectNone(`the log of ${name}`, text);
    }
    expectNone("what `smartcall up` says", mesh.up.output(), ["a caller's token"]);
  });

  it("on no page, and in no dump", async () => {
    for (const path of [
      "/metrics",
      "/mesh",
      "/mesh/files",
      "/nodes",
      "/agents",
      "/keys",
      "/budgets",
    ]) {
      expectNone(path, await (await fetch(`${mesh.admin}${path}`)).text());
    }
    for (const path of [
      "/config_dump?include_eds",
      "/certs",
      "/server_info",
      "/stats",
      "/clusters",
    ]) {
      expectNone(`Envoy's ${path}`, await (await fetch(`${mesh.envoyAdmin}${path}`)).text());
    }
  });

  it("in nothing that the command line prints", async () => {
    for (const args of [
      ["render"],
      ["routes"],
      ["nodes"],
      ["agents"],
      ["key", "list"],
      ["diff"],
      ["validate"],
      ["render", "--json"],
      ["nodes", "--json"],
    ]) {
      const text = await run(args);
      if (text !== "") expectNone(`smartcall ${args.join(" ")}`, text);
    }
  });

  it("in no file that others on this machine can read", () => {
    expect(statSync(mesh.stateFolder).mode & 0o077).to.equal(0);
    for (const [name, text] of readTree(mesh.stateFolder)) {
      const holds = [...secrets].filter(([, value]) => text.includes(value));
      if (holds.length === 0) continue;
      const { mode } = statSync(join(mesh.stateFolder, name));
      expect(mode & 0o077, `${name} holds ${holds.map(([what]) => what).join()}`).to.equal(0);
    }
  });

  it("in no process's arguments", () => {
    for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
      const args = readOr(`/proc/${name}/cmdline`);
      for (const [what, value] of secrets) {
        expect(args.includes(value), `${what} stands in ${args.slice(0, 80)}`).to.equal(false);
      }
    }
  });
});

/** The text of every file under a folder, by its path there. */
function readTree(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    names
      .filter((each) => each.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(folder.length + 1), readOr(path)]),
  );
}

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** A line of a key that is in no other. */
function middleOf(pem: string): string {
  const lines = pem.slice(pem.indexOf("PRIVATE KEY")).split(/\\n|\n/);
  return lines[1] ?? pem;
}
