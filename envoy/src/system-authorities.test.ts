import { rootCertificates } from "node:tls";
import { expect } from "chai";
import { systemAuthorities, systemAuthoritiesName, systemAuthoritiesSecret } from "./index.ts";

describe("whom a machine believes", () => {
  const having = (...files: readonly string[]) => {
    return (path: string): boolean => files.includes(path);
  };
  const debian = "/etc/ssl/certs/ca-certificates.crt";
  const redHat = "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem";

  it("is in the file that SSL_CERT_FILE names, before the machine's own", () => {
    const env = { SSL_CERT_FILE: "/own.pem" };
    expect(systemAuthorities(env, having("/own.pem", debian))).to.deep.equal({ file: "/own.pem" });
    expect(systemAuthorities(env, having(debian))).to.deep.equal({ file: debian });
  });

  it("is where its system keeps it", () => {
    expect(systemAuthorities({}, having(debian))).to.deep.equal({ file: debian });
    expect(systemAuthorities({}, having(redHat))).to.deep.equal({ file: redHat });
    expect(systemAuthorities({ SSL_CERT_FILE: "" }, having(redHat))).to.deep.equal({
      file: redHat,
    });
  });

  it("is what Node.js comes with, where the machine has nothing", () => {
    const found = systemAuthorities({}, having());
    expect(found).to.deep.equal({ pem: rootCertificates.join("\n") });
    expect(systemAuthoritiesSecret(found)).to.deep.equal({
      name: systemAuthoritiesName,
      validation_context: { trusted_ca: { inline_string: rootCertificates.join("\n") } },
    });
  });
});
