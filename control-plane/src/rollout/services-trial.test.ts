import { generateKeyPairSync } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { RouteConfigurationSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { descriptorSet } from "@smartcall/protos";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { parseMesh } from "../config/index.ts";
import { emptyDraft } from "../config/single-files.ts";
import { type OwnServices, readOwnServices } from "../source/own-services/index.ts";
import { freePort, type RunningEnvoy, startEnvoy } from "../xds/running-envoy.test.ts";
import { type RunningXds, startXds, until } from "../xds/scripted-client.test.ts";
import { makePair } from "../xds/secure-sketch.test.ts";
import { type Rollouts, runRollouts } from "./run-rollout.ts";
import { createServicesTrial, type RefusedServices } from "./services-trial.ts";
import { snapshotsOfVersions } from "./snapshot-of-version.ts";

const patienceMs = 15_000;
const names = ["ann", "bob", "cid", "dan"] as const;

describe("own services that a real Envoy refuses", function () {
  this.timeout(60_000);
  type Parsed = Extract<ReturnType<typeof parseMesh>, { ok: true }>;
  type Candidate = {
    readonly config: Parsed["config"];
    readonly named: () => ReturnType<typeof emptyDraft> & { readonly pair: undefined };
  };
  const said: RefusedServices[] = [];
  let running: RunningXds;
  let envoy: RunningEnvoy | undefined;
  let rollouts: Rollouts<Candidate>;
  let brought = new Map<string, OwnServices>();
  let port = 0;
  let last: ReturnType<ReturnType<typeof snapshotsOfVersions>>;
  let builder: (contract: Uint8Array) => ReturnType<typeof snapshotsOfVersions>;
  let build: ReturnType<typeof builder>;
  let builds = 0;
  const ends: string[] = [];

  before(async () => {
    let moved = (): void => undefined;
    running = await startXds({ moved: () => moved() });
    const { xds } = running;
    const pair = await makePair("trial");
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const key = { ...publicKey.export({ format: "jwk" }), kid: "one", alg: "ES256" };
    const issuerKeys = JSON.stringify({ keys: [key] });
    const certificate = { certificateChain: pair.chain, privateKey: pair.key };
    port = await freePort();
    const trial = createServicesTrial({
      xds,
      serving: () => ({
        busy: () => !["steady", "unproven"].includes(rollouts.state().phase),
        generation: () => rollouts.generation(),
        refresh: (reason) => rollouts.refresh(reason),
      }),
      said: (refused) => said.push(refused),
      defer: setImmediate,
    });
    builder = (contract) =>
      snapshotsOfVersions(
        () => ({
          instances: new Map(),
          services: trial.of(brought),
          certificate,
          issuerKeys,
        }),
        contract,
      );
    build = builder(descriptorSet());
    rollouts = runRollouts<Candidate>(
      {
        xds,
        clock: systemClock,
        snapshotOf(candidate) {
          builds += 1;
          last = build(candidate);
          return last;
        },
        said: ({ kind }) => ends.push(kind),
        broken: (problems) => expect.fail(problems.join()),
        defer: setImmediate,
      },
      candidate("first"),
      undefined,
    );
    moved = () => {
      rollouts.moved();
      trial.moved();
    };
    rollouts.start();
    envoy = await startEnvoy(running.port, "edge");
    await until(served, patienceMs);
  });
  after(async () => {
    rollouts.close();
    await envoy?.stop();
    running.stop();
  });

  const candidate = (name: string): Candidate => {
    const text = `mesh: demo\ngateway: { https: { port: ${port} } }\nagents: { ${names.map((each) => `${each}: {}`).join(", ")}, ${name}: {} }`;
    const parsed = parseMesh([{ name: "mesh.yaml", text }]);
    if (!parsed.ok) return expect.fail(JSON.stringify(parsed.diagnostics));
    const named = { ...emptyDraft(), pair: undefined };
    return { config: parsed.config, named: () => named };
  };
  /** Whether the gateway has all that there is, and refuses nothing of it. */
  const served = (): boolean => {
    const [gateway] = running.xds.progress();
    return (
      gateway?.answered === true &&
      gateway.refused.length === 0 &&
      gateway.generation === rollouts.generation()
    );
  };
  const bring = (...services: readonly OwnServices[]): void => {
    const added = services.map((each) => [each.services[0]?.split(".")[1] ?? "", each] as const);
    brought = new Map([...brought, ...added]);
    rollouts.refresh("lease");
  };
  /** The agents whose own paths gateways are given. */
  const given = (): readonly string[] => {
    const body = last.route.get("edge")?.body ?? new Uint8Array();
    const hosts = fromBinary(RouteConfigurationSchema, body).virtualHosts;
    return hosts.flatMap(({ name }) => (name.startsWith("rest:") ? [name.slice(5)] : [])).sort();
  };
  const settled = (agents: readonly string[], refused: readonly string[]): Promise<void> =>
    until(
      () =>
        served() &&
        `${given()}` === `${agents}` &&
        `${said.map(({ agent }) => agent).sort()}` === `${refused}`,
      patienceMs,
    );

  it("are found, named and left out, and the others served", async () => {
    bring(servicesOf("ann"), servicesOf("bob"));
    await settled(["ann", "bob"], []);
    bring(spoilt("cid"));
    await settled(["ann", "bob"], ["cid"]);
    expect(said[0]).to.include({ agent: "cid", node: "edge" });
    expect(said[0]?.words).to.match(/descriptor/);
    expect(said[0]?.services).to.deep.equal(["acme.cid.v1.S"]);
  });

  it("hinder no change of the mesh, and none of other agents'", async () => {
    rollouts.propose(candidate("fresh"));
    await until(() => ends.includes("taken"), patienceMs);
    bring(servicesOf("dan"));
    await settled(["ann", "bob", "dan"], ["cid"]);
  });

  it("are served once they are others", async () => {
    bring(servicesOf("cid"));
    await settled(["ann", "bob", "cid", "dan"], ["cid"]);
  });

  it("are found where several come at once", async () => {
    bring(spoilt("ann"), servicesOf("bob", "Other"), spoilt("dan"));
    await settled(["bob", "cid"], ["ann", "cid", "dan"]);
    expect(ends).to.not.include("refused");
  });

  it("are not blamed for what is refused without them, and not tried for ever", async () => {
    const before = said.length;
    const start = builds;
    build = builder(withConflict(descriptorSet()));
    rollouts.refresh("test");
    const refused = (): boolean => running.xds.progress()[0]?.refused[0]?.type === "route";
    await until(refused, patienceMs);
    const rested = 1_000;
    let [built, since] = [builds, Date.now()];
    await until(() => {
      if (built !== builds) [built, since] = [builds, Date.now()];
      return Date.now() - since > rested;
    }, patienceMs);
    expect(given()).to.deep.equal(["bob", "cid"]);
    expect(builds - start, "it has tried").to.be.within(2, 20);
    build = builder(descriptorSet());
    rollouts.refresh("test");
    await until(served, patienceMs);
    expect(given()).to.deep.equal(["bob", "cid"]);
    expect(said).to.have.length(before);
  });
});

function servicesOf(agent: string, message = "M"): OwnServices {
  const type = `.acme.${agent}.v1.${message}`;
  const set = create(FileDescriptorSetSchema, {
    file: [
      {
        name: `${agent}.proto`,
        package: `acme.${agent}.v1`,
        syntax: "proto3",
        messageType: [{ name: message }],
        service: [{ name: "S", method: [{ name: "Do", inputType: type, outputType: type }] }],
      },
    ],
  });
  const services = readOwnServices(toBinary(FileDescriptorSetSchema, set), agent);
  return "problems" in services ? expect.fail(services.problems.join()) : services;
}

/** As if descriptors had been read that Envoy does not take. */
function spoilt(agent: string): OwnServices {
  const services = servicesOf(agent, "Spoilt");
  return { ...services, translated: withConflict(services.translated) };
}

function withConflict(descriptors: Uint8Array): Uint8Array {
  const value = ["KIND_A", "A"].map((name, number) => ({ name, number }));
  const file = [{ name: "spoilt.proto", syntax: "proto3", enumType: [{ name: "Kind", value }] }];
  const more = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
  // A message goes on with what is appended to its bytes.
  return Buffer.concat([descriptors, more]);
}
