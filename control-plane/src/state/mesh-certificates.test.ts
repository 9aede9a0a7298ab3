import { X509Certificate } from "node:crypto";
import type { Clock } from "@smartcall/runtime";
import { expect } from "chai";
import { type Authority, openAuthority } from "./authority.ts";
import { createMeshCertificates, type MeshCertificates } from "./mesh-certificates.ts";
import { must, type TemporaryState, temporaryState } from "./temporary-state.test.ts";

describe("the certificates by which the mesh's nodes know each other", () => {
  let own: TemporaryState;
  let authority: Authority;
  let certificates: MeshCertificates;
  let time: number;
  let timers: { readonly at: number; readonly act: () => void }[];
  let wanted: boolean;
  let heard: (owner: string) => void;
  const clock: Clock = {
    now: () => time,
    after(ms, act) {
      const timer = { at: time + ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
  };
  const changes = (): Promise<string> =>
    new Promise((resolve) => {
      heard = resolve;
    });
  const given = async (owner: string): Promise<X509Certificate> => {
    const change = changes();
    if (certificates.of(owner) === undefined) expect(await change).to.equal(owner);
    return new X509Certificate(certificates.of(owner)?.certificate ?? "");
  };

  beforeEach(async () => {
    own = await temporaryState();
    time = Date.now();
    timers = [];
    wanted = true;
    heard = () => undefined;
    authority = must(
      await openAuthority(own.state, { mesh: "demo", now: new Date(time), report: own.report }),
    );
    certificates = createMeshCertificates({
      authority,
      clock,
      changed(owner) {
        setImmediate(() => heard(owner));
        return wanted;
      },
      failed: (_, error) => expect.fail(String(error)),
    });
  });
  afterEach(async () => {
    certificates.close();
    expect(timers).to.deep.equal([]);
    await own.remove();
  });

  it("name their owner by SPIFFE, are the authority's, and are for both ends of a connection", async () => {
    const certificate = await given("agent/planner");
    expect(certificate.subjectAltName).to.equal("URI:spiffe://demo/agent/planner");
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).to.equal(true);
    expect(certificate.keyUsage).to.deep.equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(Date.parse(certificate.validTo) - time).to.be.within(3_598_000, 3_600_000);
  });

  it("are renewed at half of their hour, each on its own", async () => {
    const first = await given("gateway");
    const other = await given("agent/planner");
    const [timer] = timers;
    expect(timer?.at).to.equal(time + 1_800_000);
    time += 1_800_000;
    const change = changes();
    timer?.act();
    expect(await change).to.equal("gateway");
    const second = await given("gateway");
    expect(second.serialNumber).to.not.equal(first.serialNumber);
    expect(Date.parse(second.validTo) - Date.parse(first.validTo)).to.equal(1_800_000);
    expect((await given("agent/planner")).serialNumber).to.equal(other.serialNumber);
    timers = timers.filter((each) => each !== timer);
  });

  it("are forgotten when nobody has use for them", async () => {
    wanted = false;
    const change = changes();
    expect(certificates.of("agent/gone")).to.equal(undefined);
    await change;
    expect(timers).to.deep.equal([]);
    expect(certificates.of("agent/gone")).to.equal(undefined);
    await changes();
  });
});
