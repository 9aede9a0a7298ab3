import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type JsonGeneralName,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { expect } from "chai";
import { edgeOf } from "./edge.ts";
import { requestTo } from "./reach.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const served = { mesh: "demo", address: "127.0.0.1", port: 8443 };
const authority = "/state/ca.pem";

describe("the edge, as callers on this machine know it", () => {
  let certificate: string;

  beforeEach(() => {
    certificate = join(mkdtempSync(join(tmpdir(), "edge-")), "gateway.pem");
  });
  afterEach(() => rmSync(join(certificate, ".."), { recursive: true }));

  it("is localhost, and of the mesh's authority, where the mesh made its certificate", () => {
    expect(edgeOf(served, authority)).to.deep.equal({
      mesh: "demo",
      url: "https://localhost:8443",
      connectTo: undefined,
      certificate: undefined,
      trustFile: authority,
      isAnchor: true,
    });
    const everywhere = edgeOf({ ...served, address: "0.0.0.0" }, authority);
    expect(everywhere.connectTo).to.equal(undefined);
    const network = edgeOf({ ...served, address: "10.0.0.7" }, authority);
    expect(network.connectTo).to.equal("10.0.0.7:8443");
  });

  const names: readonly (readonly [string, JsonGeneralName[], string, string | undefined])[] = [
    ["localhost before all others", [dns("a.example"), dns("localhost")], "localhost", undefined],
    ["the address that it listens on", [dns("a.example"), ip("127.0.0.1")], "127.0.0.1", undefined],
    ["its first name", [dns("a.example"), dns("b.example")], "a.example", "127.0.0.1:8443"],
    ["a name that its pattern takes", [dns("*.example")], "gateway.example", "127.0.0.1:8443"],
    ["an address of another machine", [ip("10.0.0.7")], "10.0.0.7", "127.0.0.1:8443"],
    ["its common name where it has no other", [], "mesh.example", "127.0.0.1:8443"],
  ];
  for (const [what, alternatives, host, connectTo] of names) {
    it(`is called by ${what}`, async () => {
      writeFileSync(certificate, (await make(alternatives)).toString("pem"));
      const edge = edgeOf({ ...served, certificate }, authority);
      expect(edge.url).to.equal(`https://${host}:8443`);
      expect(edge.connectTo).to.equal(connectTo);
      expect(edge.trustFile).to.equal(certificate);
    });
  }

  it("tells a file that ends its chain from one that needs an authority", async () => {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const root = await make([], { keys });
    const leaf = await make([dns("localhost")], { issuer: root, keys });
    const pem = leaf.toString("pem");
    for (const [text, isAnchor] of [
      [root.toString("pem"), true],
      [pem, false],
      [`${pem}\n${root.toString("pem")}\n`, true],
    ] as const) {
      writeFileSync(certificate, text);
      expect(edgeOf({ ...served, certificate }, authority).isAnchor).to.equal(isAnchor);
    }
  });

  it("is asked where it listens, by the name that its certificate is for", () => {
    const trust = { kind: "public" } as const;
    const url = "https://mesh.example:8443";
    const there = requestTo({ url, connectTo: "[::1]:9443", trust }, "/healthz");
    expect(there).to.include({ hostname: "::1", port: "9443", path: "/healthz" });
    expect(there.headers).to.deep.equal({ host: "mesh.example:8443" });
    const straight = requestTo({ url, connectTo: undefined, trust }, "/healthz");
    expect(straight).to.include({ hostname: "mesh.example", port: "8443" });
  });
});

function dns(value: string): JsonGeneralName {
  return { type: "dns", value };
}

function ip(value: string): JsonGeneralName {
  return { type: "ip", value };
}

interface Signed {
  readonly issuer?: X509Certificate;
  /** Those of the issuer. */
  readonly keys: webcrypto.CryptoKeyPair;
}

/** Signed by its own key, or by its issuer's. */
async function make(names: JsonGeneralName[], by?: Signed): Promise<X509Certificate> {
  const own = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const signer = by?.keys ?? own;
  const subjectKeys = by?.issuer === undefined ? signer : own;
  return X509CertificateGenerator.create({
    subject: "CN=mesh.example",
    issuer: by?.issuer?.subject ?? "CN=mesh.example",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    publicKey: subjectKeys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: algorithm,
    extensions: names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)],
  });
}
