// A certificate for one name that vouches for itself, for the servers of tests.

import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { ecdsa, generateKeyPair, privateKeyPem } from "../../state/key-pair.ts";

/** Makes it; both PEM. */
export async function testCertificate(
  name: string,
): Promise<{ readonly certificate: string; readonly privateKey: string }> {
  const keys = await generateKeyPair();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    keys,
    signingAlgorithm: ecdsa,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  return { certificate: certificate.toString("pem"), privateKey: privateKeyPem(keys.privateKey) };
}
