// Descriptors of proto2 and of editions: taken for what they mean, and written as proto3.

import { readFileSync } from "node:fs";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  Edition,
  FeatureSet_FieldPresence,
  FeatureSet_MessageEncoding,
  FeatureSetSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { expect } from "chai";
import { readOwnServices } from "./index.ts";

const old = readFileSync(new URL("../../../../test/agents/weather/old.binpb", import.meta.url));

describe("an agent's own services in another syntax than proto3", () => {
  for (const [kind, change] of [
    ["proto2", () => undefined],
    ["an edition", asEdition],
  ] as const) {
    it(`are written as proto3, with what ${kind} says of fields that are not there`, () => {
      const services = readOwnServices(changed(change), "old");
      if ("problems" in services) throw new Error(services.problems.join());
      const types = createFileRegistry(fromBinary(FileDescriptorSetSchema, services.translated));
      const question = types.getMessage("acme.old.v1.Question");
      const file = question?.file.proto;
      expect([file?.syntax, file?.extension.length]).to.deep.equal(["proto3", 0]);
      const { EXPLICIT, IMPLICIT } = FeatureSet_FieldPresence;
      const presences = question?.fields.map((each) => [each.name, each.presence]) ?? [];
      expect(Object.fromEntries(presences)).to.deep.equal({
        text: EXPLICIT,
        count: EXPLICIT,
        kind: EXPLICIT,
        numbers: IMPLICIT,
        packed: IMPLICIT,
        kinds: IMPLICIT,
        fast: EXPLICIT,
        slow: EXPLICIT,
      });
      expect(question?.field["count"]?.proto.defaultValue).to.equal("");
      expect(services.paths.map(({ path }) => path)).to.deep.equal([
        "/acme.old.v1.Old/Ask",
        "/v1/agents/old:ask",
      ]);
    });
  }

  it("are refused with a group of proto2, and with what an edition writes as one", () => {
    const { GROUP, MESSAGE } = FieldDescriptorProto_Type;
    const delimited = create(FieldOptionsSchema, {
      features: create(FeatureSetSchema, { messageEncoding: FeatureSet_MessageEncoding.DELIMITED }),
    });
    const inner = (file: FileDescriptorProto, type: FieldDescriptorProto_Type): void => {
      const options = type === MESSAGE ? { options: delimited } : {};
      const label = FieldDescriptorProto_Label.OPTIONAL;
      const field = { name: "inner", number: 20, label, type, ...options };
      const typeName = ".acme.old.v1.Answer";
      file.messageType[0]?.field.push(create(FieldDescriptorProtoSchema, { ...field, typeName }));
    };
    expect(refused((file) => inner(file, GROUP))).to.match(/has a group, "inner"/);
    const edition = (file: FileDescriptorProto): void => {
      asEdition(file);
      inner(file, MESSAGE);
    };
    expect(refused(edition)).to.match(/has a group, "inner"/);
  });

  it("are refused where an edition is not known yet", () => {
    const later = (file: FileDescriptorProto): void => {
      asEdition(file);
      file.edition = Edition.EDITION_MAX;
    };
    expect(refused(later)).to.match(/cannot be read/);
  });
});

function refused(change: (file: FileDescriptorProto) => void): string {
  const services = readOwnServices(changed(change), "old");
  return "problems" in services ? services.problems.join("\n") : "taken";
}

function changed(change: (file: FileDescriptorProto) => void): Uint8Array {
  const { file } = fromBinary(FileDescriptorSetSchema, old);
  for (const each of file) if (each.package.startsWith("acme")) change(each);
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
}

/** As a compiler of editions writes it. */
function asEdition(file: FileDescriptorProto): void {
  file.syntax = "editions";
  file.edition = Edition.EDITION_2023;
  for (const { field } of file.messageType) {
    for (const each of field) {
      const { OPTIONAL, REQUIRED } = FieldDescriptorProto_Label;
      if (each.label === REQUIRED) each.label = OPTIONAL;
    }
  }
}
