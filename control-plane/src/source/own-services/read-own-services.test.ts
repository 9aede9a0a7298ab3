import { readFileSync } from "node:fs";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect } from "chai";
import { readOwnServices } from "./index.ts";
import { largestDescriptors } from "./own-services.ts";

const station = readFileSync(
  new URL("../../../../test/agents/weather/station.binpb", import.meta.url),
);

describe("an agent's own services", () => {
  it("are what its descriptors say, with the paths that they are called by", () => {
    const services = taken(station);
    expect(services.services).to.eql(["acme.station.v1.Station"]);
    expect(services.paths.map(({ path }) => path)).to.eql([
      "/acme.station.v1.Station/Measure",
      "/acme.station.v1.Station/Sum",
      "/acme.station.v1.Station/Talk",
      "/acme.station.v1.Station/Watch",
      "/v1/agents/station/sensors/all:watch",
      "/v1/agents/station:measure",
    ]);
    expect(services.paths.filter(({ clientStreams }) => clientStreams)).to.have.length(2);
  });

  it("are written anew beside the contract, with every field as it was", () => {
    const types = createFileRegistry(
      fromBinary(FileDescriptorSetSchema, taken(station).translated),
    );
    const fields = types
      .getMessage("acme.station.v1.Order")
      ?.fields.map(({ name }) => name)
      .sort();
    expect(fields).to.eql(
      ["anything", "how", "inner", "more", "number", "perhaps", "quickly", "say", "units"].filter(
        (name) => name !== "how",
      ),
    );
    expect(types.getMessage("acme.station.v1.Reading")?.field["unit"]?.jsonName).to.equal("in");
    expect(types.getService("smartcall.v1.AgentService")).to.not.equal(undefined);
  });

  it("are one object for all instances that bring the same", () => {
    expect(taken(Uint8Array.from(station))).to.equal(taken(station));
  });

  const refusals: readonly (readonly [string, (file: FileDescriptorProto) => void, RegExp])[] = [
    [
      "a path of another agent's",
      pathTo("/v1/agents/other:measure"),
      /must be `\/v1\/agents\/station:verb`/,
    ],
    ["a path with variables", pathTo("/v1/agents/station/{name=x}"), /without variables/],
    ["a verb of the contract", pathTo("/v1/agents/station:invoke"), /is the contract's/],
    ["a path that another has", pathTo("/v1/agents/station/sensors/all:watch"), /have one path/],
    [
      "no service",
      (file) => {
        file.service = [];
      },
      /no service with a method/,
    ],
    [
      "a missing import",
      (file) => {
        file.dependency.push("gone.proto");
      },
      /gone.proto.*add it with/,
    ],
    [
      "a number that two fields have",
      (file) => {
        at(file.messageType[0]?.field).number = 2;
      },
      /two fields with the number 2/,
    ],
    [
      "a name that is none",
      (file) => {
        at(file.messageType[0]?.field).name = "x y";
      },
      /no name/,
    ],
    [
      "an enum that does not begin with 0",
      (file) => {
        at(file.enumType[0]?.value).number = 7;
      },
      /must be 0/,
    ],
    [
      "two types of one name",
      (file) => {
        file.messageType.push(at(file.messageType.slice(1)));
      },
      /defined twice/,
    ],
  ];
  for (const [what, change, sentence] of refusals) {
    it(`are refused with ${what}`, () => expect(refused(changed(change))).to.match(sentence));
  }

  it("are refused with a name of the mesh's", () => {
    const text = station.toString("latin1").replaceAll("acme.station.v1", "smartcall.other");
    expect(refused(Buffer.from(text, "latin1"))).to.match(/not an agent's to serve/);
  });

  it("are refused where they are too large, too many, or no descriptors at all", () => {
    expect(refused(new Uint8Array(largestDescriptors + 1))).to.match(/more than 262144/);
    expect(refused(Buffer.from("no descriptors"))).to.match(/cannot be read/);
    const many = changed((file) => {
      const [service] = file.service;
      for (let more = 0; more < 100; more++) service?.method.push(at(service.method.slice(2)));
    });
    expect(refused(many)).to.match(/more than 100/);
  });
});

function taken(descriptors: Uint8Array) {
  const services = readOwnServices(descriptors, "station");
  if ("problems" in services) throw new Error(services.problems.join());
  return services;
}

function refused(descriptors: Uint8Array): string {
  const services = readOwnServices(descriptors, "station");
  return "problems" in services ? services.problems.join("\n") : "taken";
}

function changed(change: (file: FileDescriptorProto) => void): Uint8Array {
  const set = fromBinary(FileDescriptorSetSchema, station);
  change(at(set.file.filter((file) => file.package.startsWith("acme"))));
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: set.file }));
}

/** Writes another path where `:measure` was, of as many bytes or not. */
function pathTo(path: string): (file: FileDescriptorProto) => void {
  return (file) => {
    const [measure] = file.service[0]?.method ?? [];
    const [option] = measure?.options?.$unknown ?? [];
    if (option === undefined) throw new Error("no http rule");
    const rule = [0x22, path.length, ...Buffer.from(path), 0x3a, 1, 0x2a];
    Object.assign(option, { data: Uint8Array.from([rule.length, ...rule]) });
  };
}

function at<T>(list: readonly T[] | undefined): T {
  const [first] = list ?? [];
  if (first === undefined) throw new Error("an empty list");
  return first;
}
