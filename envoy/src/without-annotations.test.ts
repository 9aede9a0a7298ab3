import { create } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { expect } from "chai";
import { withoutAnnotations } from "./without-annotations.ts";

describe("protos without annotations", () => {
  const rule = { no: 1071, wireType: 2, data: new Uint8Array([1, 2]) };
  const field = create(FieldDescriptorProtoSchema, {
    name: "of",
    number: 1,
    type: FieldDescriptorProto_Type.MESSAGE,
    typeName: ".acme.Inner",
    options: { deprecated: true },
  });
  if (field.options !== undefined) field.options.$unknown = [rule];
  const files = [
    create(FileDescriptorProtoSchema, { name: "rules.proto", package: "rules" }),
    create(FileDescriptorProtoSchema, {
      name: "inner.proto",
      package: "acme",
      messageType: [{ name: "Inner" }],
    }),
    create(FileDescriptorProtoSchema, {
      name: "outer.proto",
      package: "acme",
      dependency: ["rules.proto", "inner.proto"],
      messageType: [{ name: "Outer", field: [field] }],
    }),
  ];

  it("import only files of which they use a type", () => {
    const [, , outer] = withoutAnnotations(files);
    expect(outer?.dependency).to.deep.equal(["inner.proto"]);
  });

  it("have the options that all protos have, and no others; those they were made from stay as they are", () => {
    const [, , outer] = withoutAnnotations(files);
    const options = outer?.messageType[0]?.field[0]?.options;
    expect(options?.deprecated).to.equal(true);
    expect(options?.$unknown).to.equal(undefined);
    expect(field.options?.$unknown).to.have.length(1);
    expect(files[2]?.dependency).to.have.length(2);
  });

  it("go on importing what passes on what others define", () => {
    const [passing] = files;
    if (passing === undefined) throw new Error("no file");
    const passesOn = { ...passing, dependency: ["inner.proto"], publicDependency: [0] };
    const [kept, , outer] = withoutAnnotations([passesOn, ...files.slice(1)]);
    expect(kept?.dependency).to.deep.equal(["inner.proto"]);
    expect(kept?.publicDependency).to.deep.equal([0]);
    expect(outer?.dependency).to.deep.equal(["rules.proto", "inner.proto"]);
  });
});
