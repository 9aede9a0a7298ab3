// docs/other-machines.md: a gateway that reaches the control plane over TLS, with a token of its own.
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openAuthority, openDirectoryState } from "@smartcall/control-plane/dist/state/index.js";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { listAt, textAt, valueAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { otherAddress } from "../harness/other-address.ts";
import { freePorts } from "../harness/ports.ts";
import { asking, callRest } from "../harness/rest.ts";
import { type Ended, smartcall, smartcallBin } from "../harness/smartcall.ts";

const guide = readFileSync(join(root, "docs", "other-machines.md"), "utf8");

describe("a gateway on another machine", function () {
  this.timeout(120_000);
  const host = otherAddress();
  let mesh: Mesh;
  let at = "";
  let folder = "";
  let port = 0;
  let gateway: Child | undefined;
  let joinId = "";

  before(async () => {
    const [nodes = 0, https = 0] = await freePorts(2);
    at = `${host}:${nodes}`;
    port = https;
    const started = /^SMARTCALL_NODES=\S+ SMARTCALL_NODE_NAMES=(\S+) npx smartcall up$/m.exec(
      guide,
    );
    const [, names = ""] = started ?? [];
    mesh = await startMesh({ env: { SMARTCALL_NODES: at, SMARTCALL_NODE_NAMES: names } });
    folder = join(mesh.folder, "other-machine");
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, "ca.pem"), mesh.ca);
  });
  after(async () => {
    if (gateway !== undefined) await endGroup(gateway);
    await mesh?.stop();
  });

  /** Its environment: nothing of the mesh's folder, but the mark by which leftovers are found. */
  const env = (): NodeJS.ProcessEnv => {
    const own = Object.entries(mesh.env).filter(([name]) => !name.startsWith("SMARTCALL_"));
    return { ...Object.fromEntries(own), SMARTCALL_STATE: join(folder, ".smartcall") };
  };
  const joinToken = async (...args: readonly string[]): Promise<string> => {
    const made = startChild(process.execPath, [smartcallBin, "join", ...args, "--json"], {
      cwd: mesh.folder,
      env: mesh.env,
    });
    expect((await made.ended).code, made.output()).to.equal(0);
    const [line = ""] = made
      .output()
      .split("\n")
      .filter((each) => each.startsWith("{"));
    const said: unknown = JSON.parse(line);
    joinId = textAt(said, "id") ?? "";
    return textAt(said, "token") ?? "";
  };
  const keep = (name: string, token: string): string => {
    writeFileSync(join(folder, name), `${token}\n`);
    chmodSync(join(folder, name), 0o600);
    return name;
  };
  const args = (more: Readonly<Record<string, string>> = {}): readonly string[] =>
    Object.entries({
      "--name": "g2",
      "--control-plane": at,
      "--join-token-file": "g2.token",
      "--ca": "ca.pem",
      "--https-port": `${port}`,
      ...more,
    }).flat();
  const tried = (more: Readonly<Record<string, string>>): Promise<Ended> =>
    smartcall(["gateway", ...args(more)], { cwd: folder, env: env() });
  const call = async (url: string): Promise<number> => {
    const token = await mesh.token();
    const message = { path: "/v1/agents/echo:invoke", token, body: asking("Hello") };
    return (await callRest({ ...mesh, url }, message)).status;
  };

  it("is refused, with the reason, while it does not prove to be the one that it says it is", async () => {
    keep("master.token", readFileSync(join(mesh.stateFolder, "join-token"), "utf8").trim());
    keep("rubbish.token", "what is this?");
    keep("g3.token", await joinToken("gateway", "g3"));
    keep("echo.token", await joinToken("agent", "echo"));
    keep("short.token", await joinToken("gateway", "g2", "--expires", "1s"));
    keep("caller.token", await mesh.token());
    writeFileSync(join(folder, "other.pem"), await strangersAuthority(join(folder, "stranger")));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    for (const [wrong, why] of [
      [{}, /there is no join token at .*g2\.token: make one with `smartcall join gateway g2`/],
      [
        { "--join-token-file": "rubbish.token" },
        /rubbish\.token holds no join token: make one with `smartcall join gateway g2`/,
      ],
      [{ "--join-token-file": "master.token" }, /on the control plane's machine only/],
      [{ "--join-token-file": "g3.token" }, /for the gateway "g3" alone/],
      [{ "--join-token-file": "echo.token" }, /for the agent "echo" alone/],
      [{ "--join-token-file": "short.token" }, /it expired at/],
      [{ "--join-token-file": "caller.token" }, /not one of this mesh/],
      [
        { "--join-token-file": "g3.token", "--ca": "other.pem" },
        /a certificate of the authority in/,
      ],
      [{ "--join-token-file": "g3.token", "--ca": "none.pem" }, /none\.pem cannot be read/],
    ] as const) {
      const { code, output } = await tried(wrong);
      expect(code, output).to.be.oneOf([1, 2]);
      expect(output).to.match(why);
      expect(output).to.not.match(/Deprecat|open to others/);
    }
    chmodSync(join(folder, "g3.token"), 0o644);
    const { output } = await tried({ "--join-token-file": "g3.token" });
    expect(output).to.match(/g3\.token is open to others .*chmod 600/);
  });

  it("serves the mesh's agents, with nothing of the mesh but its token and ca.pem", async () => {
    const [, made = ""] = /^npx smartcall (join gateway .*)$/m.exec(guide) ?? [];
    const { code, output } = await smartcall(made.split(" "), { cwd: folder, env: mesh.env });
    expect(code, output).to.equal(0);
    joinId = /The join token (\S+) is for/.exec(output)?.[1] ?? "";
    const token = readFileSync(join(folder, "g2.token"), "utf8").trim();
    expect(output, "it is in the file alone").to.not.contain(token);
    expect(statSync(join(folder, "g2.token")).mode & 0o777).to.equal(0o600);
    // The guide's own command, with this test's address and port in it.
    const [, shown = ""] = /^npx smartcall (gateway .*)$/m.exec(guide) ?? [];
    const words = shown.replace("mesh.example.com:18443", at).split(" ");
    const command = [smartcallBin, ...words, "--https-port", `${port}`];
    gateway = startChild(process.execPath, command, { cwd: folder, env: env() });
    await gateway.says(/The gateway g2 serves the mesh whose control plane is at /);
    expect(await call(`https://localhost:${port}`)).to.equal(200);
    expect(readdirSync(join(folder, ".smartcall"))).to.not.include("join-token");
    const bootstrap = join(folder, ".smartcall", "envoy", "gateway-g2.json");
    expect(statSync(bootstrap).mode & 0o077).to.equal(0);
  });

  it("is shown by how it proved itself", async () => {
    const page: unknown = await (await fetch(`${mesh.admin}/nodes`)).json();
    const gateways = listAt(page, "nodes").filter(
      (node) => valueAt(node, "streams", 0, "cluster") === "gateway",
    );
    const own = gateways.map((node) => [
      textAt(node, "node"),
      valueAt(node, "streams", 0, "joined", "by"),
    ]);
    expect(own).to.deep.equal([
      ["edge", "mesh token"],
      ["g2", "own token"],
    ]);
  });

  it("ends its streams once its token is revoked, goes on with what it had, and does not come back", async () => {
    const { code, output } = await smartcall(["key", "revoke", joinId], {
      cwd: mesh.folder,
      env: mesh.env,
    });
    expect(code, output).to.equal(0);
    await eventually(async () => {
      const page: unknown = await (await fetch(`${mesh.admin}/nodes`)).json();
      const node = listAt(page, "nodes").find((each) => textAt(each, "node") === "g2");
      expect(valueAt(node, "cutOff", "since")).to.be.a("string");
    });
    expect(await call(`https://localhost:${port}`)).to.equal(200);
    const { output: again } = await tried({ "--name": "g2" });
    expect(again).to.match(/it was revoked/);
  });
});

async function strangersAuthority(folder: string): Promise<string> {
  const report = (): void => undefined;
  const state = await openDirectoryState(folder);
  if (!state.ok) throw new Error(state.problem.message);
  const made = await openAuthority(state.value, { mesh: "test", now: new Date(), report });
  if (!made.ok) throw new Error(made.problem.message);
  return made.value.certificate;
}
