// Two services whose names differ in the case of their letters alone, which Envoy's hosts do not tell apart.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import {
  type OwnServices,
  readOwnServices,
} from "@smartcall/control-plane/dist/source/own-services/index.js";
import { expect } from "chai";
import { metadataOf } from "../harness/grpc.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";
import { descriptorsOf } from "./station-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const mesh = `
mesh: edge-test
agents:
  station: { instances: { static: [$one] } }
  twin: { instances: { static: [$one] } }
routes:
  - { name: station, match: { agent: station } }
  - { name: twin, match: { agent: twin } }
`;

describe("Services of agents' own whose names differ in case alone", function () {
  this.timeout(60_000);
  let gateway: TestGateway;
  let agent: ObedientAgent;
  let client: Client;
  before(async () => {
    agent = await startObedientAgent();
    const written = await writtenMesh(mesh, { one: agent.port });
    const services = { station: spelt("station"), twin: spelt("STATION") };
    gateway = await startGateway((parts) => {
      const made = written(parts);
      const agents = made.agents.map((each) => ({
        ...each,
        services: each.name === "twin" ? services.twin : services.station,
      }));
      return { ...made, agents };
    });
    client = new Client(
      `localhost:${gateway.port}`,
      credentials.createSsl(Buffer.from(gateway.ca)),
    );
  });
  after(async () => {
    client?.close();
    await gateway?.stop();
    agent?.stop();
  });

  const call = (name: string, called: string): Promise<ServiceError | undefined> =>
    new Promise((resolve) => {
      const bytes = (same: Buffer): Buffer => same;
      client.makeUnaryRequest(
        `/acme.${name}.v1.Station/Measure`,
        bytes,
        bytes,
        Buffer.alloc(0),
        metadataOf({ agent: called, token: gateway.token() }),
        (error) => resolve(error ?? undefined),
      );
    });

  it("are each their own agent's", async () => {
    expect(await call("station", "station")).to.equal(undefined);
    // It comes to the agent's program, which has but the other.
    const unserved = await call("STATION", "twin");
    expect(unserved?.code).to.equal(status.UNIMPLEMENTED);
    expect(unserved?.details).to.include("/acme.STATION.v1.Station/Measure");
    for (const [name, called] of [
      ["STATION", "station"],
      ["station", "twin"],
    ] as const) {
      expect((await call(name, called))?.code).to.equal(status.NOT_FOUND);
    }
    expect(agent.seen).to.have.length(1);
    expect(gateway.refused).to.deep.equal([]);
  });
});

/** The services of the tests' station, by gRPC only, with another word in the name of their package. */
function spelt(word: string): OwnServices {
  const { file } = fromBinary(FileDescriptorSetSchema, descriptorsOf("station"));
  for (const each of file.filter((one) => one.package.startsWith("acme"))) {
    each.package = `acme.${word}.v1`;
    const named = (type: string): string => type.replace(".acme.station.", `.acme.${word}.`);
    for (const { method } of each.service) {
      for (const one of method) {
        delete one.options;
        Object.assign(one, { inputType: named(one.inputType), outputType: named(one.outputType) });
      }
    }
    const fields = each.messageType.flatMap(({ field, nestedType }) => [
      ...field,
      ...nestedType.flatMap((nested) => nested.field),
    ]);
    for (const field of fields) field.typeName = named(field.typeName);
  }
  const set = create(FileDescriptorSetSchema, { file });
  const services = readOwnServices(toBinary(FileDescriptorSetSchema, set), word.toLowerCase());
  if ("problems" in services) throw new Error(services.problems.join());
  return services;
}
