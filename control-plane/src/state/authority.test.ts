// Certificates of the mesh's own authority, tried on real clients.

import { execFile } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { type Authority, openAuthority } from "./authority.ts";
import { edgeCertificate } from "./edge-certificate.ts";
import type { ServerCertificate } from "./server-certificate.ts";
import { must, type TemporaryState, temporaryState } from "./temporary-state.test.ts";

const run = promisify(execFile);
const day = 86_400_000;

describe("the mesh's certificate authority", () => {
  let own: TemporaryState;
  let authority: Authority;
  let edge: ServerCertificate;
  const now = new Date();
  const open = (time = now) =>
    openAuthority(own.state, { mesh: "demo", now: time, report: own.report });
  const issue = (time = now, hostname = "workbench") =>
    edgeCertificate(own.state, authority, { hostname, now: time, report: own.report });

  beforeEach(async () => {
    own = await temporaryState();
    authority = must(await open());
    edge = must(await issue());
  });
  afterEach(() => own.remove());

  it("is made once, also when several processes start together", async () => {
    const others = await Promise.all([open(), open(), open()]);
    for (const other of others) {
      expect(must(other).certificate).to.equal(authority.certificate);
    }
  });

  it("gives its certificate, and only that, to those who have to trust it", async () => {
    const shown = must(await own.state.read("ca.pem"));
    expect(shown).to.equal(authority.certificate);
    expect(authority.certificatePath).to.equal(join(own.folder, "ca.pem"));
    must(await own.state.remove("ca.pem"));
    must(await open());
    expect(must(await own.state.read("ca.pem"))).to.equal(authority.certificate);
  });

  it("keeps the domain of its nodes' names when the mesh is renamed", async () => {
    const renamed = openAuthority(own.state, { mesh: "other", now, report: own.report });
    expect([authority.domain, must(await renamed).domain]).to.deep.equal(["demo", "demo"]);
  });

  it("lives for ten years, and is then made anew", async () => {
    const { validTo, ca } = new X509Certificate(authority.certificate);
    expect(ca).to.equal(true);
    expect(Date.parse(validTo) - now.getTime()).to.be.within(3649 * day, 3651 * day);
    const next = must(await open(new Date(now.getTime() + 3651 * day)));
    expect(next.certificate).to.not.equal(authority.certificate);
  });

  it("is made anew where its file makes no sense, and the old file is kept", async () => {
    must(await own.state.write("ca/authority.pem", "nonsense"));
    const next = must(await open());
    expect(next.certificate).to.not.equal(authority.certificate);
    expect(own.problems.map(({ kind }) => kind)).to.deep.equal(["corrupt"]);
    expect(must(await own.state.list("ca"))).to.have.length(3);
  });

  it("signs a certificate for this machine's names, with its key", () => {
    const certificate = new X509Certificate(edge.certificateChain);
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).to.equal(true);
    expect(certificate.checkPrivateKey(createPrivateKey(edge.privateKey))).to.equal(true);
    expect(certificate.subjectAltName).to.equal(
      "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:workbench",
    );
    expect(Date.parse(certificate.validTo) - now.getTime()).to.be.within(29.9 * day, 30.1 * day);
  });

  it("leaves out a machine's name that is no name for a client", async () => {
    for (const hostname of ["my_machine", "", "10.0.0.1", "LOCALHOST"]) {
      const { certificateChain } = must(await issue(new Date(now.getTime() + 25 * day), hostname));
      expect(new X509Certificate(certificateChain).subjectAltName).to.match(
        /0:1(, DNS:workbench)?$/,
      );
    }
  });

  it("keeps a certificate over a restart, and renews it at two thirds of its life", async () => {
    expect(must(await issue())).to.deep.equal(edge);
    const before = new Date(edge.renewAt.getTime() - 1);
    expect(must(await issue(before))).to.deep.equal(edge);
    const renewed = must(await issue(edge.renewAt));
    expect(renewed.certificateChain).to.not.equal(edge.certificateChain);
    expect(edge.renewAt.getTime() - now.getTime()).to.be.within(19.9 * day, 20.1 * day);
  });

  it("issues another when the machine is renamed, or the authority is another", async () => {
    const renamed = must(await issue(now, "other"));
    expect(new X509Certificate(renamed.certificateChain).checkHost("other")).to.equal("other");
    must(await own.state.remove("ca/authority.pem"));
    authority = must(await open());
    const { certificateChain } = must(await issue(now, "other"));
    const issuer = new X509Certificate(authority.certificate).publicKey;
    expect(new X509Certificate(certificateChain).verify(issuer)).to.equal(true);
  });

  describe("at a server that shows its certificate", () => {
    let server: Server;
    let port: number;

    beforeEach(async () => {
      server = createServer({ cert: edge.certificateChain, key: edge.privateKey }, (_, response) =>
        response.end("hello"),
      );
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      port = typeof address === "object" && address !== null ? address.port : 0;
    });
    afterEach(() => new Promise((resolve) => server.close(resolve)));

    for (const host of ["localhost", "127.0.0.1"]) {
      it(`Node trusts ${host}`, async () => {
        const status = await new Promise((resolve, reject) => {
          const options = { host, port, ca: authority.certificate, family: 4, agent: false };
          request(options, (response) => {
            response.resume();
            resolve(response.statusCode);
          })
            .on("error", reject)
            .end();
        });
        expect(status).to.equal(200);
      });

      it(`curl trusts ${host}`, async () => {
        const url = `https://${host}:${port}/`;
        const { stdout } = await run("curl", ["-sS4", "--cacert", authority.certificatePath, url]);
        expect(stdout).to.equal("hello");
      });

      it(`Python trusts ${host}, as strictly as it can`, async () => {
        const script = [
          "import ssl, sys, urllib.request",
          "context = ssl.create_default_context(cafile=sys.argv[1])",
          "context.verify_flags |= ssl.VERIFY_X509_STRICT",
          "print(urllib.request.urlopen(sys.argv[2], context=context).read().decode())",
        ].join("\n");
        const file = join(own.folder, "try.py");
        await writeFile(file, script);
        const url = `https://${host}:${port}/`;
        const { stdout } = await run("python3", [file, authority.certificatePath, url]);
        expect(stdout).to.equal("hello\n");
      });
    }

    it("a client that does not trust the authority gets nothing", async () => {
      const refused = await run("curl", ["-sS4", `https://localhost:${port}/`]).catch(
        (error: unknown) => error,
      );
      expect(String(refused)).to.include("certificate");
    });
  });
});
