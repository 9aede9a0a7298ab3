// docs/other-machines.md: agents that reach the control plane over TLS, each with a token of its own.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openAuthority, openDirectoryState } from "@smartcall/control-plane/dist/state/index.js";
import { expect } from "chai";
import { relayFile, relayName } from "../agents/relay.ts";
import { root } from "../checks/repository.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { otherAddress } from "../harness/other-address.ts";
import { freePorts } from "../harness/ports.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { type Ended, smartcall } from "../harness/smartcall.ts";

const guide = readFileSync(join(root, "docs", "other-machines.md"), "utf8");
const program = fileURLToPath(new URL("../agents/relay.js", import.meta.url));

describe("an agent on another machine", function () {
  this.timeout(180_000);
  const host = otherAddress();
  const children = new Set<Child>();
  let mesh: Mesh;
  let at = "";
  let folder = "";
  let port = 0;
  let poetToken = "";

  before(async () => {
    const [nodes = 0, sidecar = 0] = await freePorts(2);
    at = `${host}:${nodes}`;
    port = sidecar;
    const said = { planner: "{ calls: [helper] }", helper: "{ expose: false }" };
    mesh = await startMesh({
      services: [],
      listed: ["planner", "helper", "poet"],
      said,
      env: { SMARTCALL_NODES: at },
    });
    folder = join(mesh.folder, "other-machine");
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, "ca.pem"), mesh.ca);
  });
  after(async () => {
    await Promise.all([...children].map((child) => endGroup(child)));
    await mesh?.stop();
  });

  const run = (name: string, args: readonly string[], env: NodeJS.ProcessEnv): Child => {
    const own = { [relayName]: name, [relayFile]: join(folder, "notes") };
    const child = startChild(process.execPath, [program, ...args], {
      cwd: folder,
      env: { ...env, ...own },
    });
    children.add(child);
    return child;
  };
  /** Nothing of the mesh's folder, but the mark by which leftovers are found. */
  const elsewhere = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
    const own = Object.entries(mesh.env).filter(([name]) => !name.startsWith("SMARTCALL_"));
    return {
      ...Object.fromEntries(own),
      SMARTCALL_STATE: join(folder, ".smartcall"),
      SMARTCALL_CONTROL_PLANE: at,
      SMARTCALL_CA: "ca.pem",
      ...more,
    };
  };
  const here = (...args: readonly string[]): Promise<Ended> =>
    smartcall(args, { cwd: mesh.folder, env: mesh.env });
  const keep = async (name: string, ...args: readonly string[]): Promise<string> => {
    const { code, output } = await here("join", ...args, "--json");
    expect(code, output).to.equal(0);
    const said: unknown = JSON.parse(output.split("\n").find((line) => line.startsWith("{")) ?? "");
    writeFileSync(join(folder, name), `${textAt(said, "token")}\n`);
    chmodSync(join(folder, name), 0o600);
    return textAt(said, "id") ?? "";
  };
  const ask = async (agent: string, text: string): Promise<RestReply> =>
    callRest(mesh, {
      path: `/v1/agents/${agent}:invoke`,
      token: await mesh.token(),
      body: asking(text),
    });
  const answers = (agent: string, text: string, answer: string): Promise<void> =>
    eventually(
      async () => {
        const { json, text: whole } = await ask(agent, text);
        expect(textAt(json, "message", "content"), whole).to.equal(answer);
      },
      { withinMs: 30_000 },
    );

  it("is told in a sentence why it is not taken, and goes on trying", async () => {
    await keep("helper.token", "agent", "helper");
    await keep("short.token", "agent", "poet", "--expires", "1s");
    await keep("gateway.token", "gateway", "g2");
    writeFileSync(
      join(folder, "master.token"),
      readFileSync(join(mesh.stateFolder, "join-token")),
      { mode: 0o600 },
    );
    writeFileSync(join(folder, "other.pem"), await strangersAuthority(join(folder, "stranger")));
    for (const [wrong, why] of [
      [{ SMARTCALL_JOIN_TOKEN_FILE: "none.token" }, /make one with `smartcall join agent poet`/],
      [
        { SMARTCALL_JOIN_TOKEN_FILE: "ca.pem" },
        /ca\.pem holds no join token: make one with `smartcall join agent poet`/,
      ],
      [{ SMARTCALL_JOIN_TOKEN_FILE: "helper.token" }, /for the agent \\"helper\\" alone/],
      [{ SMARTCALL_JOIN_TOKEN_FILE: "gateway.token" }, /is for a gateway/],
      [{ SMARTCALL_JOIN_TOKEN_FILE: "short.token" }, /it expired at/],
      [{ SMARTCALL_JOIN_TOKEN_FILE: "master.token" }, /on the control plane's machine only/],
      [
        { SMARTCALL_JOIN_TOKEN_FILE: "helper.token", SMARTCALL_CA: "other.pem" },
        /does not show a certificate of the authority in .*other\.pem .*give the ca\.pem of that mesh/,
      ],
    ] as const) {
      const poet = run("poet", ["--sidecar", `${host}:0`], elsewhere(wrong));
      await poet.says(why, 30_000);
      const said = poet
        .output()
        .split("\n")
        .filter((line) => why.test(line));
      expect(said, poet.output()).to.have.length(1);
      await endGroup(poet);
    }
    expect((await ask("poet", "still nobody")).status).to.equal(503);
  });

  for (const [what, args, wrong, why] of [
    ["no authority", [], { SMARTCALL_CA: "" }, /set SMARTCALL_CA to the mesh's ca\.pem/],
    ["one that is not there", [], { SMARTCALL_CA: "none.pem" }, /none\.pem cannot be read/],
    [
      "a name for its address",
      ["--sidecar", "poet.example.com:20000"],
      {},
      /--sidecar is "poet\.example\.com:20000": .*IP address/,
    ],
  ] as const) {
    it(`does not start with ${what}, and says what to do`, async () => {
      const poet = run("poet", args, elsewhere(wrong));
      expect((await poet.ended).code, poet.output()).to.be.oneOf([1, 2]);
      expect(poet.output()).to.match(why);
      expect(poet.output().trim().split("\n")).to.have.length(1);
    });
  }

  it("is called through the edge at the address that it says, by the guide's own command", async () => {
    const [, made = ""] =
      /^npx smartcall join (agent poet.*) --out poet\.token$/m.exec(guide) ?? [];
    poetToken = await keep("poet.token", ...made.split(" "));
    const [, shown = ""] = /^(SMARTCALL_CONTROL_PLANE=.* npm start -- .*)$/m.exec(guide) ?? [];
    const [before = "", after = ""] = shown.split(" npm start -- ");
    const set = before
      .replace("mesh.example.com:18443", at)
      .split(" ")
      .map((pair) => pair.split("="));
    const args = after.replace("10.0.0.7:20000", `${host}:${port}`).split(" ");
    run("poet", args, elsewhere(Object.fromEntries(set)));
    await answers("poet", "a rhyme", "poet: a rhyme");
    expect((await here("agents")).output).to.match(new RegExp(`^poet .* ${host}:${port} `, "m"));
  });

  it("is called by one on the first machine, and by nobody else where it is hidden", async () => {
    run(
      "helper",
      ["--sidecar", `${host}:0`],
      elsewhere({ SMARTCALL_JOIN_TOKEN_FILE: "helper.token" }),
    );
    run("planner", [], mesh.env);
    await answers("planner", "helper>by one hop", "helper: by one hop");
    expect((await ask("helper", "from outside")).status).to.equal(404);
  });

  it("leaves the mesh when its token is revoked, and is told why", async () => {
    const [poet] = [...children]
      .filter((child) => child.output().includes('"name":"poet"'))
      .slice(-1);
    const { code, output } = await here("key", "revoke", poetToken);
    expect(code, output).to.equal(0);
    await eventually(async () => expect((await ask("poet", "gone?")).status).to.equal(503));
    await poet?.says(/does not take the join token at .*poet\.token: .*(revoked)/, 20_000);
    await eventually(
      async () => expect((await here("agents")).output).to.match(/^poet +no instance/m),
      { withinMs: 20_000 },
    );
    await answers("planner", "helper>still here", "helper: still here");
  });
});

async function strangersAuthority(folder: string): Promise<string> {
  const state = await openDirectoryState(folder);
  if (!state.ok) throw new Error(state.problem.message);
  const made = await openAuthority(state.value, {
    mesh: "test",
    now: new Date(),
    report: () => undefined,
  });
  if (!made.ok) throw new Error(made.problem.message);
  return made.value.certificate;
}
