// Methods whose descriptors are of proto2, or of an edition, through a real gateway.
import { create, fromBinary, type JsonObject, toBinary } from "@bufbuild/protobuf";
import {
  Edition,
  FieldDescriptorProto_Label,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { jsonService } from "@smartcall/agent-kit";
import { readOwnServices } from "@smartcall/control-plane/dist/source/own-services/index.js";
import { expect } from "chai";
import { callRest } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { descriptorsOf, type StationAgent, startStation } from "./station-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const mesh = `
mesh: edge-test
agents:
  old: { instances: { static: [$old] } }
routes:
  - { name: old, match: { agent: old } }
`;

const kinds = { proto2: descriptorsOf("old"), "edition 2023": asEdition(descriptorsOf("old")) };

for (const [kind, descriptors] of Object.entries(kinds)) {
  describe(`An agent's own methods, described in ${kind}`, function () {
    this.timeout(60_000);
    let gateway: TestGateway;
    let agent: StationAgent;
    let asked: JsonObject | undefined;
    before(async () => {
      const old = jsonService({
        service: "acme.old.v1.Old",
        descriptors,
        handlers: {
          async Ask({ text = "", fast: _, ...others }) {
            asked = { text, ...others };
            return { said: text, ...others };
          },
        },
      });
      agent = await startStation({ name: "old", services: [old] });
      const services = readOwnServices(descriptors, "old");
      if ("problems" in services) throw new Error(services.problems.join());
      const describe = await writtenMesh(mesh, { old: agent.port });
      gateway = await startGateway((parts) => {
        const made = describe(parts);
        return { ...made, agents: made.agents.map((each) => ({ ...each, services })) };
      });
    });
    after(async () => {
      await gateway?.stop();
      await agent?.stop();
    });

    const ask = async (body: JsonObject) => {
      const path = "/v1/agents/old:ask";
      const { json, status } = await callRest(gateway, { path, token: gateway.token(), body });
      return { status, json };
    };

    it("take and give every field as it is, lists packed or not", async () => {
      const fields = {
        text: "hello",
        count: 3,
        kind: "KIND_SOME",
        numbers: [1, 2, 300],
        packed: [4, 5],
        kinds: { one: "KIND_SOME" },
      };
      const { json, status } = await ask({ ...fields, fast: true });
      const { text, ...others } = fields;
      expect(json).to.deep.equal({ said: text, ...others });
      expect(status).to.equal(200);
      expect(asked).to.deep.equal(fields);
    });

    it("tell what is not there from what is zero", async () => {
      const none = await ask({ text: "x" });
      expect(Object.keys(asked ?? {})).to.deep.equal(["text"]);
      expect(none.json).to.not.have.property("count");
      await ask({ text: "x", count: 0 });
      expect(asked).to.deep.equal({ text: "x", count: 0 });
      expect(gateway.refused).to.deep.equal([]);
    });
  });
}

/** The same file as a compiler of editions writes it: what proto2 has of its own is gone. */
function asEdition(descriptors: Uint8Array): Uint8Array {
  const { file } = fromBinary(FileDescriptorSetSchema, descriptors);
  for (const each of file.filter((one) => one.package.startsWith("acme"))) {
    each.syntax = "editions";
    each.edition = Edition.EDITION_2023;
    const { OPTIONAL, REQUIRED } = FieldDescriptorProto_Label;
    for (const { field } of each.messageType) {
      for (const one of field) if (one.label === REQUIRED) one.label = OPTIONAL;
    }
  }
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
}
