// Whose certificate the operator's pages show.

import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import {
  type Authority,
  type Outcome,
  openAuthority,
  openDirectoryState,
  type State,
} from "../state/index.ts";
import type { ShownPair } from "./listen.ts";
import { type PagesCertificate, pagesCertificate } from "./pages-certificate.ts";

const report = (): void => undefined;

describe("the certificate of the operator's pages", () => {
  let folder = "";
  let state: State;
  let authority: Authority;
  let told: (pair: ShownPair) => void = report;
  let refused: (problem: string) => void = report;
  let open: PagesCertificate | undefined;
  const file = (name: string): string => join(folder, name);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-pages-"));
    state = must(await openDirectoryState(folder));
    authority = must(await openAuthority(state, { mesh: "demo", now: new Date(), report }));
  });
  afterEach(async () => {
    if (open?.ok) await open.close();
    await rm(folder, { recursive: true });
  });

  const make = async (more: {
    readonly host?: string;
    readonly names?: readonly string[];
    readonly certificateFile?: string;
    readonly keyFile?: string;
  }): Promise<PagesCertificate> => {
    if (open?.ok) await open.close();
    open = await pagesCertificate({
      state,
      authority,
      host: "0.0.0.0",
      names: [],
      certificateFile: undefined,
      keyFile: undefined,
      clock: systemClock,
      report,
      changed: (pair) => told(pair),
      refused: (problem) => refused(problem),
      ...more,
    });
    return open;
  };
  const certificateOf = (made: PagesCertificate): X509Certificate => {
    if (!made.ok) throw new Error(made.problem);
    return new X509Certificate(made.first.certificateChain);
  };
  const writePair = async (name: string): Promise<string> => {
    const made = await authority.issueServerIdentity({
      commonName: name,
      names: [{ type: "dns", value: name }],
      validFrom: new Date(Date.now() - 60_000),
      validUntil: new Date(Date.now() + 600_000),
    });
    await writeFile(file("key.pem"), made.privateKey);
    await writeFile(file("cert.pem"), made.certificate);
    return made.certificate;
  };

  it("is for this machine, where the pages listen, and the names that are set", async () => {
    const one = certificateOf(await make({ host: "10.1.2.3", names: ["mesh.example.com"] }));
    for (const name of ["localhost", "mesh.example.com"])
      expect(one.checkHost(name)).to.equal(name);
    for (const ip of ["127.0.0.1", "10.1.2.3"]) expect(one.checkIP(ip)).to.equal(ip);
    expect(one.checkIP("0.0.0.0")).to.equal(undefined);
  });

  it("is kept over a restart, until the pages get another name", async () => {
    const first = certificateOf(await make({})).serialNumber;
    expect(certificateOf(await make({})).serialNumber).to.equal(first);
    expect(certificateOf(await make({ names: ["more"] })).serialNumber).not.to.equal(first);
  });

  it("is the operator's own where files are named, and follows them", async () => {
    const certificate = await writePair("first");
    const files = { certificateFile: file("cert.pem"), keyFile: file("key.pem") };
    const made = await make(files);
    expect(made.ok ? made.first.certificateChain : "").to.equal(certificate);
    const next = new Promise<ShownPair>((resolve) => {
      told = resolve;
    });
    const renewed = await writePair("second");
    expect((await next).certificateChain).to.equal(renewed);
    const problem = new Promise<string>((resolve) => {
      refused = resolve;
    });
    await writeFile(file("key.pem"), "nonsense");
    expect(await problem).to.include("key.pem has no private key in PEM");
  });

  it("is none where the files are of no use, and that is said", async () => {
    await writePair("first");
    const problemOf = async (certificateFile?: string, keyFile?: string): Promise<string> => {
      const made = await make({
        ...(certificateFile !== undefined && { certificateFile }),
        ...(keyFile !== undefined && { keyFile }),
      });
      return made.ok ? "" : made.problem;
    };
    const [certificate, key] = [file("cert.pem"), file("key.pem")];
    expect(await problemOf(certificate)).to.include("SMARTCALL_ADMIN_KEY");
    expect(await problemOf(certificate, file("no"))).to.include("cannot be read (ENOENT)");
    expect(await problemOf(key, key)).to.include("has no certificate in PEM");
    await writeFile(file("other.pem"), must(await state.read("ca/authority.pem")) ?? "");
    expect(await problemOf(certificate, file("other.pem"))).to.include("is not the key of");
  });
});

function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}
