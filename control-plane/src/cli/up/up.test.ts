import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { controlPlaneReady } from "./readiness.ts";
import { kill, program, type RunningMesh, soon, startMesh } from "./testing/running-mesh.ts";

describe("smartcall up", function () {
  this.timeout(60_000);
  const started: RunningMesh[] = [];

  afterEach(async () => {
    for (const mesh of started.splice(0)) await mesh.remove();
  });

  const start = async (...how: Parameters<typeof startMesh>): Promise<RunningMesh> => {
    const mesh = await startMesh(...how);
    started.push(mesh);
    return mesh;
  };
  const ready = async (...how: Parameters<typeof startMesh>): Promise<RunningMesh> => {
    const mesh = await start(...how);
    await mesh.said("Stop ");
    return mesh;
  };
  const allGone = (mesh: RunningMesh): Promise<void> =>
    soon(
      () => mesh.processes().length === 0,
      () => `left: ${mesh.processes().join(", ")}; said: ${mesh.text()}`,
    );

  it("prints lines that work when pasted, calls agents, and ends whole at SIGTERM", async () => {
    const mesh = await ready();
    const state = join(mesh.folder, ".smartcall");
    expect(statSync(state).mode & 0o777).to.equal(0o700);
    expect(mesh.processes()).to.have.length(4);

    const lines = mesh
      .text()
      .split("\n")
      .filter((line) => line.startsWith("curl "));
    expect(lines).to.have.length(2);
    const [whole, streamed] = await Promise.all(lines.map((line) => run("sh", ["-c", line], mesh)));
    const answer: unknown = JSON.parse(whole?.out ?? "");
    expect(answer).to.have.nested.property("message.content", "What is the capital of France?");
    expect(streamed?.out).to.match(/^data: \{.*"done"/m);

    const call = await run(process.execPath, [program, "call", "echo", "Good day"], mesh);
    expect(call).to.deep.equal({ code: 0, out: "Good day\n", err: "" });
    const unknown = await run(process.execPath, [program, "call", "poet", "Hello"], mesh);
    expect(unknown.code).to.equal(1);
    expect(unknown.err).to.match(/HTTP 404, UNKNOWN_AGENT, request /);
    const json = await run(process.execPath, [program, "call", "echo", "a b", "--json"], mesh);
    const last: unknown = JSON.parse(json.out.trim().split("\n").at(-1) ?? "");
    expect(last).to.have.property("done");

    const again = await run(process.execPath, [program, "up"], mesh);
    expect(again.code).to.equal(0);
    expect(again.out).to.match(/^The mesh "test" runs at https:\/\/localhost:\d+ \(process \d+\)/);

    const begun = performance.now();
    mesh.child.kill("SIGTERM");
    const [code] = await once(mesh.child, "exit");
    expect(code).to.equal(0);
    expect(performance.now() - begun).to.be.lessThan(5_000);
    expect(mesh.processes()).to.deep.equal([]);
    expect(existsSync(join(state, "run.json"))).to.equal(false);
    expect(existsSync(join(state, "up.lock"))).to.equal(false);
    const after = await run(process.execPath, [program, "call", "echo", "Hello"], mesh);
    expect(after.code).to.equal(3);
  });

  it("starts again what dies, says so, and has the control plane back within 5 s", async () => {
    const mesh = await ready();
    const calls = () => run(process.execPath, [program, "call", "echo", "Hello"], mesh);
    kill(pidOf(mesh, "main.js"));
    const killed = performance.now();
    await mesh.said("control plane died (signal SIGKILL)");
    const { SMARTCALL_ADMIN: admin } = mesh.env;
    while (!(await controlPlaneReady(`http://${admin}`, () => ({ kind: "public" })))) {
      expect(performance.now() - killed).to.be.lessThan(5_000);
    }
    expect((await calls()).out).to.equal("Hello\n");
    for (const part of ["echo.js", "envoy"]) {
      const pid = pidOf(mesh, part);
      kill(pid);
      await soon(
        () => ![0, pid].includes(pidOf(mesh, part)),
        () => `${part} did not come back`,
      );
    }
    let code = -1;
    for (let tries = 0; tries < 40 && code !== 0; tries++) code = (await calls()).code;
    expect(code).to.equal(0);
  });

  for (const signal of ["SIGHUP", "SIGINT"] as const) {
    it(`leaves no process behind at ${signal}, even while it starts`, async () => {
      const mesh = await start();
      await mesh.said("Starting");
      mesh.child.kill(signal);
      await allGone(mesh);
    });
  }

  it("leaves no process behind when it is killed, and starts over what is left then", async () => {
    const mesh = await ready();
    mesh.child.kill("SIGKILL");
    await allGone(mesh);
    const call = await run(process.execPath, [program, "call", "echo", "Hello"], mesh);
    expect(call.code).to.equal(3);
    await mesh.again().said("is up at");
  });

  it("leaves no process behind when the process that started it is killed", async () => {
    const mesh = await ready('"$@"; true');
    mesh.child.kill("SIGKILL");
    await allGone(mesh);
  });

  it("leaves no process behind when its terminal is closed, though the session's leader stays", async () => {
    const terminal = `exec script -qefc "trap '' HUP; '$1' '$2' '$3'; true" /dev/null`;
    const mesh = await ready(terminal);
    mesh.child.kill("SIGKILL");
    await allGone(mesh);
  });

  it("names the port that is taken, starts nothing, and fails", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const mesh = await start(undefined, { SMARTCALL_ADMIN: `127.0.0.1:${port}` });
    const [code] = await once(mesh.child, "exit");
    server.close();
    expect(code).to.equal(1);
    expect(mesh.text()).to.match(
      new RegExp(`^smartcall: Port ${port}, for the operator's pages, is used by another process`),
    );
    expect(mesh.processes()).to.deep.equal([]);
  });

  it("tells why an Envoy does not start, leaves nothing, and fails", async () => {
    const mesh = await start('printf "%s" "$BAD_ENVOY" > envoy; chmod +x envoy; exec "$@"', {
      ENVOY_BIN: "envoy",
      BAD_ENVOY: badEnvoy,
    });
    const [code] = await once(mesh.child, "exit");
    expect(code).to.equal(1);
    expect(mesh.text()).to.include(
      "Envoy did not start (exit code 1): cannot bind 0.0.0.0. Its log: ",
    );
    expect(mesh.processes()).to.deep.equal([]);
  });

  it("shows what is wrong with the mesh file, and fails", async () => {
    const mesh = await start('echo "agnets: {}" >> mesh.yaml; exec "$@"');
    const [code] = await once(mesh.child, "exit");
    expect(code).to.equal(1);
    expect(mesh.text()).to.match(/mesh\.yaml:4:1 error SC201 .*agnets/);
    expect(mesh.processes()).to.deep.equal([]);
  });
});

const badEnvoy = `#!/bin/sh
test "$1" = --version && echo "envoy version: 0/1.40.0/Clean/RELEASE/BoringSSL" && exit
echo '{"level":"critical","msg":"cannot bind 0.0.0.0"}'
exit 1
`;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(command: string, args: readonly string[], mesh: RunningMesh): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd: mesh.folder, env: mesh.env }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** The process of the mesh whose command has the word; 0 where there is none. */
function pidOf(mesh: RunningMesh, word: string): number {
  const isIt = (pid: number): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8")
        .split("\0")
        .slice(0, 3)
        .some((part) => part.endsWith(word));
    } catch {
      return false;
    }
  };
  return mesh.processes().find(isIt) ?? 0;
}
