import { X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  type Authority,
  edgeCertificate,
  openAuthority,
  openDirectoryState,
  type State,
} from "../state/index.ts";
import { fakeClock } from "./leases/fake-clock.test.ts";
import { type RenewedCertificate, renewedCertificate } from "./renewed-certificate.ts";

const day = 86_400_000;
const start = Date.parse("2026-03-01T12:00:00Z");
const report = (): void => undefined;

describe("the renewed certificate", () => {
  let folder = "";
  let state: State;
  let authority: Authority;
  let opened: RenewedCertificate | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-certificate-"));
    const directory = await openDirectoryState(folder);
    if (!directory.ok) throw new Error(directory.problem.message);
    state = directory.value;
    const made = await openAuthority(state, { mesh: "demo", now: new Date(start), report });
    if (!made.ok) throw new Error(made.problem.message);
    authority = made.value;
  });
  afterEach(async () => {
    opened?.close();
    await rm(folder, { recursive: true });
  });

  const open = async (clock = fakeClock(start), changed = report): Promise<RenewedCertificate> => {
    opened?.close();
    const make = (now: Date) =>
      edgeCertificate(state, authority, { hostname: "here", now, report });
    const made = await renewedCertificate(make, { clock, report, changed });
    if (!made.ok) throw new Error(made.problem.message);
    opened = made.value;
    return opened;
  };

  it("is the one kept while it fits, and is the authority's own", async () => {
    const first = (await open()).current();
    expect((await open()).current()).to.deep.equal(first);
    const key = new X509Certificate(authority.certificate).publicKey;
    expect(new X509Certificate(first.certificateChain).verify(key)).to.equal(true);
  });

  it("is another one when two thirds of its time have passed", async () => {
    const clock = fakeClock(start);
    let told = (): void => undefined;
    const changed = new Promise<void>((resolve) => {
      told = resolve;
    });
    const certificate = await open(clock, () => told());
    const { certificateChain, renewAt } = certificate.current();
    expect(renewAt.getTime() - start).to.be.within(19 * day, 21 * day);
    // Each look is over before the clock moves on to the next.
    for (let days = 0; days < 21; days += 1) {
      clock.advance(day);
      await openAuthority(state, { mesh: "demo", now: new Date(start), report });
    }
    await changed;
    expect(certificate.current().certificateChain).not.to.equal(certificateChain);
    expect(certificate.current().renewAt.getTime()).to.be.greaterThan(renewAt.getTime());
  });
});
