// The mesh's own certificate authority: made once, its key never leaves the state.

// The certificate library registers its parts by metadata that this adds.
import "reflect-metadata";
import { randomBytes, type webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { readOrMake } from "./document.ts";
import { type Identity, parseIdentity, printIdentity } from "./identity.ts";
import { ecdsa, generateKeyPair, importKeyPair, privateKeyPem } from "./key-pair.ts";
import { type Outcome, type Report, success } from "./outcome.ts";
import type { State } from "./state.ts";
import { authorityCertificateName } from "./well-known.ts";

/** The mesh's certificate authority. */
export interface Authority {
  /** Its own certificate, PEM: what clients have to trust. */
  readonly certificate: string;
  /** The name that the mesh had when it was made: the domain of its nodes' names. */
  readonly domain: string;
  /** The file that clients are given, with nothing but that certificate. */
  readonly certificatePath: string;
  /** A new key pair with a certificate for a server of these names. */
  issueServerIdentity(request: CertificateRequest): Promise<Identity>;
  /** The same for one that proves itself as a server and as a client. */
  issueNodeIdentity(request: CertificateRequest): Promise<Identity>;
}

/** What a certificate has to say. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly names: JsonGeneralNames;
  readonly validFrom: Date;
  readonly validUntil: Date;
}

/** The mesh's authority; made where there is none yet, or where it has ended. */
export async function openAuthority(
  state: State,
  options: { readonly mesh: string; readonly now: Date; readonly report: Report },
): Promise<Outcome<Authority>> {
  const document = {
    parse: (text: string) => validAt(parseIdentity(text), options.now),
    make: async () => printIdentity(await makeAuthority(options.mesh, options.now)),
  };
  const identity = await readOrMake(state, "ca/authority.pem", document, options.report);
  if (!identity.ok) return identity;
  const { certificate, privateKey } = identity.value;
  const shown = await state.read(authorityCertificateName);
  if (!shown.ok || shown.value !== certificate) {
    const written = await state.write(authorityCertificateName, certificate);
    if (!written.ok) options.report(written.problem);
  }
  const keys = await importKeyPair(privateKey);
  const issuer = { certificate: new X509Certificate(certificate), keys };
  const [commonName = ""] = issuer.certificate.subjectName.getField("CN");
  return success({
    certificate,
    domain: commonName.slice(commonNameStart.length),
    certificatePath: state.path(authorityCertificateName),
    issueServerIdentity: (request) => issue(request, issuer, [ExtendedKeyUsage.serverAuth]),
    issueNodeIdentity: (request) =>
      issue(request, issuer, [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
  });
}

/** Before the mesh's name, in the name of its authority. */
const commonNameStart = "Smart Call ";
const day = 86_400_000;
const authorityLifetime = 3_650 * day;
/** Clocks differ: a certificate is taken by those that are this far behind. */
export const clockSkew = 3_600_000;

function validAt(identity: Identity | undefined, now: Date): Identity | undefined {
  if (identity === undefined) return undefined;
  const certificate = new X509Certificate(identity.certificate);
  const isAuthority = certificate.getExtension(BasicConstraintsExtension)?.ca === true;
  return isAuthority && now < certificate.notAfter ? identity : undefined;
}

async function makeAuthority(mesh: string, now: Date): Promise<Identity> {
  const keys = await generateKeyPair();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [`${commonNameStart}${mesh}`] }],
    notBefore: new Date(now.getTime() - clockSkew),
    notAfter: new Date(now.getTime() + authorityLifetime),
    signingAlgorithm: ecdsa,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pem(certificate), privateKey: privateKeyPem(keys.privateKey) };
}

async function issue(
  request: CertificateRequest,
  issuer: { readonly certificate: X509Certificate; readonly keys: webcrypto.CryptoKeyPair },
  usages: ExtendedKeyUsage[],
): Promise<Identity> {
  const keys = await generateKeyPair();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [request.commonName] }],
    issuer: issuer.certificate.subjectName,
    notBefore: request.validFrom,
    notAfter: request.validUntil,
    signingAlgorithm: ecdsa,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(usages),
      new SubjectAlternativeNameExtension(request.names),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
    ],
  });
  return { certificate: pem(certificate), privateKey: privateKeyPem(keys.privateKey) };
}

/** Positive and at most 20 bytes, as RFC 5280 section 4.1.2.2 wants. */
function serialNumber(): string {
  return `4${randomBytes(16).toString("hex").slice(1)}`;
}

function pem(certificate: { toString(format: "pem"): string }): string {
  return `${certificate.toString("pem").trim()}\n`;
}
