import "reflect-metadata";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PemConverter, X509CertificateGenerator } from "@peculiar/x509";
import { expect } from "chai";
import { readKeyPair, watchKeyPair } from "../source/files/key-pair.ts";
import { fileDiagnostic, keyPairDiagnostics, keyPairPaths } from "./file-diagnostics.ts";
import { parseMesh } from "./parse-mesh.ts";

const now = new Date("2026-01-01");

describe("a mesh that cannot be read", () => {
  it("is not the file's fault where no more files may be open", () => {
    for (const reason of ["EMFILE", "ENFILE"]) {
      const { code, hint } = fileDiagnostic({ kind: "unreadable", path: "mesh.yaml", reason });
      expect(code).to.equal("SC017");
      expect(hint).to.include("limit of open files");
    }
  });

  it("is told with a code for each reason", () => {
    const codeOf = (kind: "missing" | "unreadable" | "empty-folder" | "too-large" | "not-text") => {
      const { code, message } = fileDiagnostic({ kind, path: "conf/mesh.yaml", reason: "EACCES" });
      return `${code} ${message}`;
    };
    expect(codeOf("missing")).to.equal("SC001 conf/mesh.yaml does not exist.");
    expect(codeOf("unreadable")).to.include("permission denied");
    expect(codeOf("empty-folder")).to.include("SC003");
    expect(codeOf("too-large")).to.include("SC004").and.include("8 MiB");
    expect(codeOf("not-text")).to.include("SC005");
  });
});

describe("a mesh that is not text", () => {
  it("is told at the byte where it ceases to be", () => {
    const at = { line: 3, column: 6 };
    const told = fileDiagnostic({ kind: "not-text", path: "mesh.yaml", reason: "", at });
    expect(told.at).to.deep.equal({ file: "mesh.yaml", ...at });
  });
});

describe("the certificate and key that a mesh names", () => {
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-pair-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function checked(certificate: string | undefined, key: string | undefined) {
    const text =
      "mesh: demo\nagents: {}\ngateway:\n  https:\n    certificate:\n      cert: { file: cert.pem }\n      key: { file: key.pem }\n";
    const parsed = parseMesh([{ name: join(folder, "mesh.yaml"), text }]);
    const config = parsed.ok ? parsed.config.gateway.https.certificate : undefined;
    if (config?.kind !== "files") {
      return expect.fail("the text names files");
    }
    const paths = keyPairPaths(config);
    await Promise.all([
      certificate === undefined ? undefined : writeFile(paths.certificate, certificate),
      key === undefined ? undefined : writeFile(paths.key, key),
    ]);
    const read = await readKeyPair(paths);
    const found = keyPairDiagnostics(config, read, now);
    return { read, paths, found: found.map(({ at, code }) => `${at.line} ${code}`) };
  }

  it("are taken from the folder of the file that names them, when they fit", async () => {
    const { certificate, key } = await makePair("2030-01-01");
    const { found, read } = await checked(certificate, key);
    expect(found).to.deep.equal([]);
    expect(read).to.include({ kind: "pair", certificateChain: certificate, privateKey: key });
  });

  it("are warned of when the certificate has expired", async () => {
    const { certificate, key } = await makePair("2025-12-31");
    expect((await checked(certificate, key)).found).to.deep.equal(["6 SC010"]);
  });

  it("are refused when missing, of another form, or not of each other", async () => {
    const { certificate, key } = await makePair("2030-01-01");
    const other = await makePair("2030-01-01");
    expect((await checked(undefined, undefined)).found).to.deep.equal(["6 SC006", "7 SC006"]);
    expect((await checked(key, certificate)).found).to.deep.equal(["6 SC007", "7 SC008"]);
    expect((await checked(certificate, other.key)).found).to.deep.equal(["7 SC009"]);
    const locked = generateKeyPairSync("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" },
    });
    expect((await checked(certificate, locked.privateKey)).found).to.deep.equal(["7 SC008"]);
  });

  it("are told again when both were renewed, never half", async () => {
    const first = await makePair("2030-01-01");
    const { paths } = await checked(first.certificate, first.key);
    const next = await makePair("2031-01-01");
    const told: string[] = [];
    await new Promise<void>((resolve) => {
      const watching = watchKeyPair(paths, (read) => {
        told.push(read.kind === "pair" ? read.notAfter.toISOString().slice(0, 4) : read.kind);
        if (told.length === 1) {
          void writeFile(paths.certificate, next.certificate).then(() =>
            writeFile(paths.key, next.key),
          );
        } else {
          void watching.close().then(resolve);
        }
      });
    });
    expect(told).to.deep.equal(["2030", "2031"]);
  });
});

async function makePair(notAfter: string): Promise<{ certificate: string; key: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=gateway",
    notBefore: new Date("2020-01-01"),
    notAfter: new Date(notAfter),
    signingAlgorithm: algorithm,
    keys,
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { certificate: certificate.toString("pem"), key: PemConverter.encode(key, "PRIVATE KEY") };
}
