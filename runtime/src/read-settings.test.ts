import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readSettings } from "./read-settings.ts";
import { writeRun } from "./run-file.ts";

describe("reading settings", () => {
  let cwd: string;

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "settings-"));
  });

  afterEach(() => rmSync(cwd, { recursive: true }));

  it("takes the default where nothing sets a value", () => {
    expect(readSettings(["controlPlane", "meshFile", "agents"], { env: {}, cwd })).to.deep.equal({
      ok: true,
      values: {
        controlPlane: { host: "127.0.0.1", port: 18000 },
        meshFile: join(cwd, "mesh.yaml"),
        agents: [],
      },
    });
  });

  it("takes a flag before a variable, and a variable before the running mesh", () => {
    mkdirSync(join(cwd, ".smartcall"));
    writeRun(join(cwd, ".smartcall"), run);
    const env = { SMARTCALL_ADMIN: "127.0.0.1:2", SMARTCALL_CONTROL_PLANE: "127.0.0.1:2" };
    const argv = ["--admin", "127.0.0.1:3"];
    const names = ["adminAddress", "controlPlane", "envoyAdminAddress"] as const;
    const read = readSettings(names, { argv, env, cwd });
    expect(read).to.have.nested.property("values.adminAddress.port", 3);
    expect(read).to.have.nested.property("values.controlPlane.port", 2);
    expect(read).to.have.nested.property("values.envoyAdminAddress.port", 1);
    const alone = readSettings(names, { argv, env, cwd, joinRunning: false });
    expect(alone).to.have.nested.property("values.envoyAdminAddress.port", 9901);
  });

  it("finds the state folder upward, and takes relative paths from the working folder", () => {
    const below = join(cwd, "agents", "poet");
    mkdirSync(join(cwd, ".smartcall"));
    mkdirSync(below, { recursive: true });
    const env = { SMARTCALL_AGENTS: " echo, ../two ,", ENVOY_BIN: "./envoy" };
    const names = ["stateFolder", "meshFile", "agents", "envoyBin"] as const;
    expect(readSettings(names, { env, cwd: below })).to.deep.equal({
      ok: true,
      values: {
        stateFolder: join(cwd, ".smartcall"),
        meshFile: join(cwd, "mesh.yaml"),
        agents: [join(below, "echo"), join(cwd, "agents", "two")],
        envoyBin: join(below, "envoy"),
      },
    });
  });

  it("takes sockets and loopback addresses where processes of one machine meet", () => {
    const quotaOf = (text: string) =>
      readSettings(["quota"], { env: { SMARTCALL_QUOTA: text }, cwd });
    expect(readSettings(["quota"], { env: {}, cwd })).to.deep.equal({
      ok: true,
      values: {
        quota: [{ kind: "socket", path: join(cwd, ".smartcall", "sockets", "quota.sock") }],
      },
    });
    expect(quotaOf("./one.sock, 127.0.0.1:7001")).to.deep.equal({
      ok: true,
      values: {
        quota: [
          { kind: "socket", path: join(cwd, "one.sock") },
          { kind: "address", host: "127.0.0.1", port: 7001 },
        ],
      },
    });
    for (const text of ["10.0.0.1:7001", ",", `/${"x".repeat(120)}`]) {
      expect(quotaOf(text), text).to.have.property("ok", false);
    }
  });

  it("refuses a Redis that is spoken to in the clear, and does not show its password", () => {
    const read = (url: string) => readSettings(["redisUrl"], { env: { REDIS_URL: url }, cwd });
    for (const url of ["redis://127.0.0.1:6379", "redis://[::1]:6379/2", "rediss://db:6380"]) {
      expect(read(url)).to.deep.equal({ ok: true, values: { redisUrl: url } });
    }
    for (const url of ["redis://me:hunter2@db.example.com:6379", "http://me:hunter2@db", "x"]) {
      const refused = read(url);
      expect(refused).to.have.property("ok", false);
      expect(JSON.stringify(refused)).to.include("rediss://").and.not.include("hunter2");
    }
  });

  it("says everything that is wrong at once, with the flag or variable, the value and the remedy", () => {
    const argv = ["--envoy-admin", "0.0.0.0:9901", "--colour", "red", "extra"];
    const env = { SMARTCALL_CONTROL_PLANE: "18000", SMARTCALL_LOG_LEVEL: "loud" };
    const names = ["envoyAdminAddress", "controlPlane", "logLevel"] as const;
    const read = readSettings(names, { argv, env, cwd });
    expect(read).to.deep.equal({
      ok: false,
      problems: [
        "--colour is not known: the flags are --envoy-admin, --control-plane, --log-level.",
        '"red" is no flag: take it away.',
        '"extra" is no flag: take it away.',
        '--envoy-admin is "0.0.0.0:9901": it has no TLS, so it must be on loopback: use 127.0.0.1, [::1] or localhost.',
        'SMARTCALL_CONTROL_PLANE is "18000": write it as HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:18000.',
        'SMARTCALL_LOG_LEVEL is "loud": it must be one of fatal, error, warn, info, debug, trace.',
      ],
    });
  });

  it("takes the drain time as seconds, minutes or hours, up to a day", () => {
    const drain = (value: string) =>
      readSettings(["drain"], { argv: ["--drain", value], env: {}, cwd: "/" });
    for (const [value, seconds] of [
      ["5s", 5],
      ["10m", 600],
      ["24h", 86_400],
    ] as const) {
      expect(drain(value)).to.deep.equal({ ok: true, values: { drain: seconds } });
    }
    for (const value of ["0s", "25h", "10", "1d", "-5s", ""]) {
      expect(drain(value)).to.have.property("ok", false);
    }
  });

  it("wants a value after a flag", () => {
    expect(readSettings(["zone"], { argv: ["--zone"], env: {}, cwd })).to.deep.equal({
      ok: false,
      problems: ["--zone has no value: give one after it."],
    });
  });

  it("takes labels as names and values, and refuses what is none", () => {
    const read = (text: string) =>
      readSettings(["labels"], { env: { SMARTCALL_LABELS: text }, cwd });
    expect(read("rack=7, gpu=yes,")).to.deep.equal({
      ok: true,
      values: { labels: { rack: "7", gpu: "yes" } },
    });
    for (const text of ["rack", "=7", "a b=c", "a=\u0007", Array(17).fill("a=b").join(",")]) {
      expect(read(text).ok, text).to.equal(false);
    }
  });

  it("takes no port beyond 65535, and IPv6 in brackets", () => {
    const read = (text: string) =>
      readSettings(["adminAddress"], { env: { SMARTCALL_ADMIN: text }, cwd });
    expect(read("127.0.0.1:65536").ok).to.equal(false);
    expect(read("[::1]:9000")).to.have.deep.nested.property("values.adminAddress", {
      host: "::1",
      port: 9000,
    });
  });

  it("takes for a sidecar an IP address that is one machine's, and says what to write for a name", () => {
    const read = (text: string) =>
      readSettings(["sidecar"], { env: { SMARTCALL_SIDECAR: text }, cwd });
    expect(read("10.0.0.7:0")).to.have.deep.nested.property("values.sidecar", {
      host: "10.0.0.7",
      port: 0,
    });
    for (const text of ["agent.example.com:20000", "localhost:20000", "0.0.0.0:1", "[::]:1"]) {
      const refused = read(text);
      expect(refused.ok || refused.problems.join()).to.include(`SMARTCALL_SIDECAR is "${text}"`);
      expect(refused.ok || refused.problems.join()).to.include("IP address");
    }
  });

  it("takes the operator's pages anywhere, and their servers over TLS unless on loopback", () => {
    const read = (variable: string, text: string) =>
      readSettings(["adminAddress", "server"], { env: { [variable]: text }, cwd });
    expect(read("SMARTCALL_ADMIN", "0.0.0.0:9000").ok).to.equal(true);
    expect(
      readSettings(["adminNames"], { env: { SMARTCALL_ADMIN_NAMES: "Mesh.local, ::2" }, cwd }),
    ).to.have.deep.nested.property("values.adminNames", ["mesh.local", "::2"]);
    expect(
      readSettings(["adminNames"], { env: { SMARTCALL_ADMIN_NAMES: "a b" }, cwd }).ok,
    ).to.equal(false);
    for (const text of ["https://mesh.example.com", "http://127.0.0.1:9000", "http://[::1]:9"]) {
      expect(read("SMARTCALL_SERVER", `${text}/`), text).to.have.nested.property(
        "values.server",
        text,
      );
    }
    for (const text of ["mesh:9000", "http://mesh:9000", "https://mesh/nodes", "ftp://mesh", "x"]) {
      expect(read("SMARTCALL_SERVER", text).ok, text).to.equal(false);
    }
  });
});

const run = {
  pid: 1,
  mesh: "demo",
  meshFile: "/mesh.yaml",
  url: "https://localhost:8443",
  controlPlane: "127.0.0.1:1",
  admin: "127.0.0.1:1",
  envoyAdmin: "127.0.0.1:1",
  ca: "/ca.pem",
};
