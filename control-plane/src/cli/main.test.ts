import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const program = fileURLToPath(new URL("../../bin/smartcall.js", import.meta.url));

describe("the command line", function () {
  this.timeout(20_000);
  let cwd: string;

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "cli-"));
    writeFileSync(join(cwd, "mesh.yaml"), "mesh: demo\nagents:\n  echo: {} # loud\n");
  });

  afterEach(() => rmSync(cwd, { recursive: true }));

  const run = (...args: readonly string[]): Promise<Ran> => smartcall(cwd, args);

  const commands = ["up", "validate", "diff", "routes", "render", "token", "call", "agent new"];
  for (const command of [[], ...commands.map((words) => words.split(" "))]) {
    it(`shows help with an example: ${["smartcall", ...command].join(" ")} --help`, async () => {
      const { code, out, err } = await run(...command, "--help");
      expect({ code, err }).to.deep.equal({ code: 0, err: "" });
      expect(out)
        .to.match(/^Usage: smartcall/)
        .and.include("Example:\n  ");
    });
  }

  it("ends with 2 where the command line or a setting is wrong, and says all of it", async () => {
    for (const args of [["dance"], ["call", "echo"], ["token", "--lifetime", "soon"], []]) {
      expect((await run(...args)).code, args.join(" ")).to.equal(2);
    }
    const { code, err } = await run("up", "--envoy-admin", "0.0.0.0:1", "--log-level", "loud");
    expect(code).to.equal(2);
    expect(err).to.include('--envoy-admin is "0.0.0.0:1": ').and.include('--log-level is "loud": ');
  });

  it("ends with 3 where no mesh is running", async () => {
    const { code, err } = await run("call", "echo", "Hello");
    expect(code).to.equal(3);
    expect(err).to.equal(
      "smartcall: No mesh is running here: start one with `make up` and try again.\n",
    );
  });

  it("validates a good file", async () => {
    expect(await run("validate")).to.deep.equal({
      code: 0,
      out: 'mesh.yaml is good: mesh "demo", agents echo.\n',
      err: "",
    });
  });

  it("validates a bad file, for people and for scripts", async () => {
    writeFileSync(join(cwd, "bad.yaml"), "mesh: demo\nagents: { echo: {} }\nagnets: {}\n");
    const told = await run("validate", "bad.yaml");
    expect(told.code).to.equal(1);
    expect(told.err).to.include("bad.yaml:3:1").and.include("hint:").and.include("1 problem in");
    const { code, out } = await run("validate", "bad.yaml", "--json");
    expect(code).to.equal(1);
    const diagnostic: unknown = JSON.parse(out);
    expect(diagnostic).to.have.nested.property("at.line", 3);
  });

  it("mints a token and prints it alone, or with its expiry", async () => {
    const alone = await run("token");
    expect(alone.code).to.equal(0);
    expect(claimsOf(alone.out)).to.include({ sub: "developer", scope: "agents:invoke" });
    const args = [
      "--subject",
      "ann",
      "--scope",
      "a b",
      "--lifetime",
      "30m",
      "--claim",
      "plan=gold",
    ];
    const json: unknown = JSON.parse((await run("token", ...args, "--json")).out);
    expect(json).to.have.keys("token", "id", "expires");
    const claims = claimsOf(readFileText(json, "token"));
    expect(claims).to.include({ sub: "ann", scope: "a b", plan: "gold", iss: "smartcall:demo" });
    expect(Number(claims["exp"]) - Number(claims["iat"])).to.equal(1800);
  });

  it("refuses a token that would say something of ours twice", async () => {
    const { code, out, err } = await run("token", "--claim", "iss=me");
    expect({ code, out }).to.deep.equal({ code: 1, out: "" });
    expect(err).to.include("iss");
  });

  it("writes a new agent that passes its own test, and lists it in the mesh", async () => {
    const { code, out } = await run("agent", "new", "poet", "--json");
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.have.keys("name", "folder", "meshFile");
    expect(readFileSync(join(cwd, "mesh.yaml"), "utf8")).to.equal(
      "mesh: demo\nagents:\n  echo: {} # loud\n  poet: {}\n",
    );
    expect((await run("validate")).code).to.equal(0);
    // In the repository, Node finds what an agent needs in the folders above it.
    const inside = mkdtempSync(fileURLToPath(new URL("../../dist/agent-", import.meta.url)));
    try {
      cpSync(join(cwd, "poet"), inside, { recursive: true });
      const tested = await execute("npm", ["test"], inside);
      expect(tested.code, tested.out + tested.err).to.equal(0);
      expect(tested.out).to.match(/pass 1/);
    } finally {
      rmSync(inside, { recursive: true });
    }
  });

  it("writes nothing where the agent's name is wrong or taken, or its folder is there", async () => {
    const before = readFileSync(join(cwd, "mesh.yaml"), "utf8");
    for (const name of ["Poet", "-a", "a_b", "echo", "a".repeat(64)]) {
      const { code, err } = await run("agent", "new", "--", name);
      expect(code, name).to.equal(1);
      expect(err, name).to.include(name);
      expect(existsSync(join(cwd, name)), name).to.equal(false);
    }
    writeFileSync(join(cwd, "poet"), "");
    expect((await run("agent", "new", "poet")).code).to.equal(1);
    expect(readFileSync(join(cwd, "mesh.yaml"), "utf8")).to.equal(before);
  });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function smartcall(cwd: string, args: readonly string[]): Promise<Ran> {
  return execute(process.execPath, [program, ...args], cwd);
}

function execute(command: string, args: readonly string[], cwd: string): Promise<Ran> {
  const ours = /^(SMARTCALL_|ENVOY_BIN$)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd, env }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

function claimsOf(token: string): ReadonlyMapLike {
  const payload = token.trim().split(".")[1] ?? "";
  const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
  return Object.fromEntries(Object.entries(Object(claims)));
}

type ReadonlyMapLike = Readonly<Record<string, unknown>>;

function readFileText(json: unknown, name: string): string {
  return String(Object.entries(Object(json)).find(([key]) => key === name)?.[1]);
}
