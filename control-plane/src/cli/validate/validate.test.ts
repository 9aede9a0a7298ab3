import { webcrypto } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PemConverter, X509CertificateGenerator } from "@peculiar/x509";
import { expect } from "chai";
import { runProgram } from "../run-program.test.ts";

describe("smartcall validate", function () {
  this.timeout(30_000);
  let cwd: string;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), "smartcall-validate-test-"));
  });
  afterEach(() => rm(cwd, { recursive: true }));

  const validate = async (agents: number, routes: number, ...options: readonly string[]) => {
    const names = Array.from({ length: agents }, (_, index) => `  a${index}: {}\n`);
    const tied = Array.from(
      { length: routes },
      (_, index) => `  - { name: r${index}, match: { agent: a0 } }\n`,
    );
    const text = `mesh: demo\nagents:\n${names.join("")}routes:${tied.length > 0 ? "\n" : " []"}${tied.join("")}`;
    await writeFile(join(cwd, "mesh.yaml"), text);
    return await runProgram(["validate", ...options], { cwd });
  };

  it("names ten agents, and counts those after", async () => {
    const { out } = await validate(1_010, 0);
    expect(out).to.equal(
      'mesh.yaml is good: mesh "demo", agents a0, a1, a2, a3, a4, a5, a6, a7, a8, a9 and 1,000 more.\n',
    );
  });

  it("prints the first hundred of very many problems, and as JSON all", async () => {
    const { err } = await validate(1, 200);
    expect(err.match(/SC401 /g)).to.have.length(100);
    expect(err).to.include("There are 494 more: 494 of SC401;");
    expect(err).to.include("594 problems in mesh.yaml.");
    const { out } = await validate(1, 200, "--json");
    expect(out.trim().split("\n")).to.have.length(594);
  });
});

describe("smartcall validate --envoy", function () {
  this.timeout(30_000);
  let cwd: string;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), "smartcall-validate-test-"));
  });
  afterEach(() => rm(cwd, { recursive: true }));

  it("says that Envoy takes a mesh, and leaves nothing behind", async () => {
    await writeFile(join(cwd, "mesh.yaml"), "mesh: demo\nagents: { on: {} }\n");
    const env = { TMPDIR: cwd };
    const { code, err, out } = await runProgram(["validate", "--envoy"], { cwd, env });
    expect({ code, err }).to.deep.equal({ code: 0, err: "" });
    expect(await readdir(cwd)).to.deep.equal(["mesh.yaml"]);
    expect(out).to.match(/^mesh\.yaml is good: .*\. Envoy 1\.40\.\d+ takes it\.\n$/);
  });

  it("shows the line of a certificate that only Envoy refuses, in its words", async () => {
    const { certificate, key } = await shortPair();
    await writeFile(join(cwd, "c.pem"), certificate);
    await writeFile(join(cwd, "c.key"), key);
    const text = [
      "mesh: demo",
      "gateway:",
      "  https:",
      "    port: 8443",
      "    certificate: { cert: { file: c.pem }, key: { file: c.key } }",
      "agents: { echo: {} }",
    ];
    await writeFile(join(cwd, "mesh.yaml"), text.join("\n"));
    expect((await runProgram(["validate"], { cwd })).code).to.equal(0);
    const { code, err } = await runProgram(["validate", "--envoy"], { cwd });
    expect(code).to.equal(1);
    expect(err).to.match(/^mesh\.yaml:5:\d+ error SC804 .*`c\.pem`: .*2048-bit or larger/);
    expect(err).to.include("1 problem in mesh.yaml.");
  });

  it("asks Envoy nothing where the file itself is wrong, and says where there is no Envoy", async () => {
    await writeFile(join(cwd, "mesh.yaml"), "mesh: demo\nagnets: {}\n");
    const told = await runProgram(["validate", "--envoy", "--json"], { cwd });
    expect(told.code).to.equal(1);
    expect(told.out).not.to.include("SC8");
    const env = { ENVOY_BIN: join(cwd, "none") };
    const { code, err } = await runProgram(["validate", "--envoy"], { cwd, env });
    expect(code).to.equal(1);
    expect(err).to.match(/^smartcall: ENVOY_BIN is .*none, which does not run as Envoy: .*\.\n$/);
  });
});

/** With a key that is too short for Envoy, and for nobody before it. */
async function shortPair(): Promise<{ readonly certificate: string; readonly key: string }> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 1024,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=localhost",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 100 * 86_400_000),
    signingAlgorithm: algorithm,
    keys,
  });
  const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificate: certificate.toString("pem"),
    key: PemConverter.encode(der, "PRIVATE KEY"),
  };
}
