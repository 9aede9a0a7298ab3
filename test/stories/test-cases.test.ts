// `smartcall test` at a terminal: cases of a mesh, run by a real Envoy.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Child, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { expectInTime } from "../harness/promised.ts";
import { type Ended, smartcallBin } from "../harness/smartcall.ts";

const mesh = `mesh: demo
gateway:
  https: { port: 443, certificate: { cert: { file: absent.pem }, key: { file: absent.key } } }
agents: { echo: {}, writer: {}, writer-next: {}, "on": {}, helper: { expose: false }, spare: { expose: false, balance: subject } }
routes:
  - name: writing
    match: { agent: writer }
    allow: { scopes: [writer] }
  - name: gold
    match: { agent: writer, claims: { plan: gold } }
    to: writer-next
  - name: try-me
    match: { agent: "on", headers: { x-tier: one } }
    public: true
  - name: helped
    match: { agent: writer-next, path: "/v1/agents/writer-next:stream" }
    to: helper
    fallback: [spare]
  - { name: helping, match: { agent: helper }, timeout: 5s }
egress: [{ name: models, host: models.internal, key: { env: SMARTCALL_STORY_KEY_THAT_IS_NOT_SET } }]
`;

const good = `callers:
  gold: { claims: { plan: gold } }
cases:
  - { name: default, call: echo, expect: { agent: echo, route: "default:echo" } }
  - { name: gold, caller: gold, call: writer, expect: writer-next }
  - { name: streams, caller: gold, call: { agent: writer, method: stream }, expect: writer-next }
  - { name: gRPC, caller: gold, call: { agent: writer, door: grpc }, expect: { agent: writer-next, route: gold } }
  - { name: gRPC streams, caller: gold, call: { agent: writer, door: grpc, method: stream }, expect: writer-next }
  - { name: conversations, caller: gold, call: { agent: writer, door: grpc, method: converse }, expect: writer-next }
  - { name: path, call: { path: "/v1/agents/writer-next:stream" }, expect: { agent: helper, route: helped } }
  - { name: hidden, call: helper, expect: { refused: 404, reason: UNKNOWN_AGENT } }
  - { name: hidden by gRPC, call: { agent: helper, door: grpc }, expect: 404 }
  - { name: hidden without a route, call: { agent: spare, method: stream }, expect: 404 }
  - { name: scope, call: writer, expect: { refused: 403, reason: SCOPE_MISSING, route: writing } }
  - { name: scope by gRPC, call: { agent: writer, door: grpc }, expect: { refused: 403, reason: SCOPE_MISSING, route: writing } }
  - { name: public, caller: none, call: { agent: "on", headers: { X-Tier: one } }, expect: "on" }
  - { name: no route, call: "on", expect: { refused: 403, reason: NO_ROUTE } }
  - { name: no token, caller: none, call: echo, expect: { refused: 401, reason: TOKEN_NOT_ACCEPTED } }
  - { name: no token by gRPC, caller: none, call: { agent: echo, door: grpc }, expect: 401 }
  - { name: bad token, caller: none, call: { agent: echo, headers: { authorization: Bearer me } }, expect: 401 }
  - { name: nobody, call: nobody, expect: { refused: 404, reason: UNKNOWN_AGENT } }
  - { name: nobody by gRPC, call: { agent: nobody, door: grpc }, expect: 404 }
`;

describe("the test cases of a mesh", function () {
  this.timeout(30_000);
  let cwd: string;

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "cases-"));
    mkdirSync(join(cwd, "tmp"));
    writeFileSync(join(cwd, "mesh.yaml"), mesh);
    writeFileSync(join(cwd, "mesh.test.yaml"), good);
  });

  afterEach(() => rmSync(cwd, { recursive: true }));

  it("passes what a real Envoy does through every door, and leaves nothing behind", async () => {
    const { code, output } = await ran();
    expect(code, output).to.equal(0);
    expect(output)
      .to.match(/✓ gold +gold\n/)
      .and.to.match(/\n\n19 passed, 0 failed \(\d+\.\d s\)\n$/);
    expect(readdirSync(cwd)).to.have.members(["mesh.yaml", "mesh.test.yaml", "tmp"]);
    expect(readdirSync(join(cwd, "tmp"))).to.deep.equal([]);
  });

  it("says of a wrong case what was expected, which route took the call, and where both stand", async () => {
    cases(
      "{ name: silver, call: echo, expect: writer }",
      "{ name: free, call: writer, expect: writer }",
    );
    const { code, output } = await ran();
    expect(code).to.equal(1);
    expect(output).to.equal(
      [
        "  ✗ silver",
        "      expected  an answer from writer (mesh.test.yaml:2)",
        "      got       an answer from echo, by the route default:echo (mesh.yaml:4)",
        "  ✗ free",
        "      expected  an answer from writer (mesh.test.yaml:3)",
        "      got       a refusal with 403 SCOPE_MISSING, by the route writing: The token needs the scope writer. (mesh.yaml:6)",
        "",
        output.trim().split("\n").at(-1),
        "",
      ].join("\n"),
    );
    expect(output).to.include("\n0 passed, 2 failed (");
  });

  it("prints a line of JSON for each case", async () => {
    cases(
      "{ name: one, call: echo, expect: echo }",
      "{ name: two, caller: none, call: echo, expect: 403 }",
    );
    const { code, output } = await ran("--json");
    expect(code).to.equal(1);
    const lines = output
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines[0]).to.deep.equal({
      case: "one",
      at: { file: "mesh.test.yaml", line: 2, column: 5 },
      passed: true,
      got: {
        kind: "answered",
        by: "echo",
        route: { name: "default:echo", at: { file: "mesh.yaml", line: 4, column: 11 } },
      },
    });
    expect(lines[1]).to.deep.include({
      case: "two",
      passed: false,
      expected: "a refusal with 403",
    });
    expect(lines[1]).to.have.nested.property("got.reason", "TOKEN_NOT_ACCEPTED");
  });

  it("runs 100 cases in seconds, Envoy's start included", async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => {
      const door = index % 2 === 0 ? "rest" : "grpc";
      const caller = `{ subject: user-${index}, claims: { plan: gold } }`;
      return `{ name: case ${index}, caller: ${caller}, call: { agent: writer, door: ${door} }, expect: writer-next }`;
    });
    cases(...hundred);
    const began = performance.now();
    const { code, output } = await ran();
    const tookMs = performance.now() - began;
    expect(code, output).to.equal(0);
    expect(output).to.include("\n100 passed, 0 failed (");
    expectInTime("a hundred cases", tookMs, 5_000);
  });

  it("takes the cases of a folder from its own files, which are no part of the mesh", async () => {
    mkdirSync(join(cwd, "mesh"));
    writeFileSync(join(cwd, "mesh", "mesh.yaml"), mesh);
    writeFileSync(join(cwd, "mesh", "a.test.yaml"), good);
    writeFileSync(
      join(cwd, "mesh", "b.test.yaml"),
      "cases: [{ name: b, call: echo, expect: echo }]\n",
    );
    expect((await ran("mesh")).output).to.include("20 passed, 0 failed");
    const named = await ran("--cases", "mesh/b.test.yaml");
    expect(named.output).to.include("1 passed, 0 failed");
  });

  it("says everything that is wrong with the cases, or the mesh, and runs nothing", async () => {
    cases("{ name: one, caller: gold, call: echo, expect: eho, expct: 1 }");
    const { code, output } = await ran();
    expect(code).to.equal(1);
    expect(output).to.not.include("passed");
    expect(output).to.include(" error SC201 Unknown key `expct` in a case.");
    expect(output).to.match(
      /mesh\.test\.yaml:2:\d+ error SC704 [\s\S]*:2:\d+ error SC705 .*\n.*\n +\| +\^+\nhint: Did you mean `echo`\?/,
    );
    writeFileSync(join(cwd, "mesh.yaml"), `${mesh}agnets: {}\n`);
    const wrongMesh = await ran();
    expect(wrongMesh.code).to.equal(1);
    expect(wrongMesh.output).to.match(/mesh\.yaml:21:1 error SC201 /);
    rmSync(join(cwd, "mesh.test.yaml"));
    writeFileSync(join(cwd, "mesh.yaml"), mesh);
    expect((await ran()).output).to.include("mesh.test.yaml:1:1 error SC701 ");
  });

  it("says in a sentence that there is no Envoy, or that it does not start", async () => {
    const absent = await ran("--envoy-bin", join(cwd, "envoy"));
    expect(absent.code).to.equal(1);
    expect(absent.output).to.match(/^smartcall: ENVOY_BIN is .* does not run as Envoy: .*\n$/);
    const broken = join(cwd, "envoy");
    const says = 'echo "envoy  version: 0/1.40.0/Clean"';
    writeFileSync(
      broken,
      `#!/bin/sh\ncase "$1" in --version) ${says};; *) echo no luck >&2; exit 7;; esac\n`,
    );
    chmodSync(broken, 0o755);
    const { code, output } = await ran("--envoy-bin", broken);
    expect(code).to.equal(1);
    expect(output).to.equal("smartcall: Envoy ended at its start (exit code 7: no luck).\n");
    expect(readdirSync(join(cwd, "tmp"))).to.deep.equal([]);
  });

  it("leaves nothing when it is stopped", async () => {
    const child = start();
    await eventually(() => expect(envoys()).to.not.deep.equal([]));
    child.process.kill("SIGINT");
    expect((await child.ended).code).to.equal(130);
    expect(child.output()).to.equal("smartcall: Stopped. Nothing is left running.\n");
    expect(envoys()).to.deep.equal([]);
    expect(readdirSync(join(cwd, "tmp"))).to.deep.equal([]);
  });

  function cases(...lines: readonly string[]): void {
    const text = lines.map((line) => `  - ${line}\n`).join("");
    writeFileSync(join(cwd, "mesh.test.yaml"), `cases:\n${text}`);
  }

  function start(...args: readonly string[]): Child {
    const ours = /^SMARTCALL_/;
    const env = Object.entries(process.env).filter(([name]) => !ours.test(name));
    return startChild(process.execPath, [smartcallBin, "test", ...args], {
      cwd,
      env: { ...Object.fromEntries(env), TMPDIR: join(cwd, "tmp"), NO_COLOR: "1" },
    });
  }

  async function ran(...args: readonly string[]): Promise<Ended> {
    const child = start(...args);
    const { code } = await child.ended;
    return { code, output: child.output() };
  }

  /** Those that run in a folder of this test. */
  function envoys(): readonly string[] {
    return readdirSync("/proc").filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(cwd);
      } catch {
        return false;
      }
    });
  }
});
