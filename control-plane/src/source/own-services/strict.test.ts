// What C++ refuses of descriptors is refused here, each with its reason; what is taken, Envoy takes.

import { create, toBinary } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProto_ExtensionRangeSchema,
  DescriptorProto_ReservedRangeSchema,
  DescriptorProtoSchema,
  Edition,
  EnumDescriptorProtoSchema,
  FeatureSet_EnumType,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FileOptionsSchema,
  MessageOptionsSchema,
  OneofDescriptorProtoSchema,
  ServiceDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { expect } from "chai";
import { refusalOf } from "./envoy-rig.test.ts";
import { type OwnServices, readOwnServices } from "./index.ts";

type Parts<T> = Partial<Omit<T, "$typeName" | "$unknown">>;
type File = Parts<FileDescriptorProto>;
type Message = Parts<DescriptorProto>;
type Field = Parts<FieldDescriptorProto>;

const { BYTES, ENUM, FLOAT, MESSAGE, STRING } = FieldDescriptorProto_Type;
const { OPTIONAL, REPEATED, REQUIRED } = FieldDescriptorProto_Label;

const field = (name: string, number: number, more: Field = {}): FieldDescriptorProto =>
  create(FieldDescriptorProtoSchema, { name, number, type: STRING, label: OPTIONAL, ...more });
const messageOf = (name: string, more: Message = {}): DescriptorProto =>
  create(DescriptorProtoSchema, { name, ...more });
const entry = (field: FieldDescriptorProto[], more: Message = {}): DescriptorProto =>
  messageOf("MmEntry", {
    field,
    options: create(MessageOptionsSchema, { mapEntry: true }),
    ...more,
  });
const inOneof = { oneofIndex: 0 };
const oneof = (name: string) => [create(OneofDescriptorProtoSchema, { name })];
const plain = [field("key", 1), field("value", 2)];
const map = field("mm", 2, {
  type: MESSAGE,
  label: REPEATED,
  typeName: ".acme.v1.M.MmEntry",
});
const mapOf = (more: Field, own: File = {}): File =>
  file(own, { field: [map], nestedType: [entry([field("key", 1, more), field("value", 2)])] });
const enumOf = (...values: readonly (readonly [string, number])[]) => ({
  enumType: [
    create(EnumDescriptorProtoSchema, {
      name: "Kind",
      value: values.map(([name, number]) => ({ name, number })),
    }),
  ],
});
const counted = (...names: readonly string[]) =>
  enumOf(...names.map((name, number) => [name, number] as const));

function file(more: File, own: Message = {}): File {
  const method = [{ name: "Do", inputType: ".acme.v1.M", outputType: ".acme.v1.M" }];
  return {
    name: "p.proto",
    package: "acme.v1",
    syntax: "proto3",
    service: [create(ServiceDescriptorProtoSchema, { name: "S", method })],
    ...more,
    messageType: [
      messageOf("M", { ...own, field: [field("a", 1), ...(own.field ?? [])] }),
      ...(more.messageType ?? []),
    ],
  };
}

const proto2: File = { syntax: "proto2" };
const oneName = /one name in generated code; rename one/;
const noKey = /"acme.v1.M.MmEntry" is of a map whose key is no text/;
const edition: File = { syntax: "editions", edition: Edition.EDITION_2023 };
const closed = create(FileOptionsSchema, {
  features: { enumType: FeatureSet_EnumType.CLOSED },
});

const refused: readonly (readonly [string, File, RegExp])[] = [
  ["a value with and without its enum's name", file(counted("KIND_A", "A")), oneName],
  ["values that differ in case", file(counted("Foo", "foo")), oneName],
  ["values that differ in both", file(counted("KIND_A", "kind_a")), oneName],
  ["values that differ in underscores", file(counted("FOO_BAR", "foo__bar")), oneName],
  ["values that differ in an underscore before a digit", file(counted("A_1", "A1")), oneName],
  ["values of underscores", file(counted("_", "__")), oneName],
  ["values of the enum's name", file(counted("KIND", "Kind_")), oneName],
  ["such an enum in a message", file({}, counted("KIND_A", "A")), oneName],
  ["such an enum of proto2", file({ ...proto2, ...counted("KIND_A", "A") }), oneName],
  [
    "such a closed enum of an edition",
    file({ ...edition, options: closed, ...counted("KIND_A", "A") }),
    oneName,
  ],
  [
    "an alias of the first of three that are one",
    file(enumOf(["A", 0], ["KIND_A", 0], ["kind_A", 1])),
    oneName,
  ],
  ["an enum without values", file(enumOf()), /must be 0/],
  ["an enum that begins with 1", file(enumOf(["Z", 1])), /must be 0/],
  ["a map by floats", mapOf({ type: FLOAT }), noKey],
  ["a map by bytes", mapOf({ type: BYTES }), noKey],
  ["a map by messages", mapOf({ type: MESSAGE, typeName: ".acme.v1.M" }), noKey],
  ["a map by an enum", mapOf({ type: ENUM, typeName: ".acme.v1.Kind" }, counted("Z")), noKey],
  [
    "a map without keys",
    file({}, { field: [map], nestedType: [entry([field("value", 2)])] }),
    /needs one `key` and one `value`/,
  ],
  [
    "a type within a map's entries",
    file(
      {},
      {
        field: [map, field("u", 3, { type: MESSAGE, typeName: ".acme.v1.M.MmEntry.In" })],
        nestedType: [entry(plain, { nestedType: [messageOf("In")] })],
      },
    ),
    /"acme.v1.M.MmEntry.In" is part of a map's entries; move it out/,
  ],
  [
    "a map's entry as a field",
    file(
      {},
      {
        field: [map, field("s", 3, { type: MESSAGE, typeName: ".acme.v1.M.MmEntry" })],
        nestedType: [entry(plain)],
      },
    ),
    /MmEntry not found/,
  ],
  [
    "a field of the name of a map's entries",
    file({}, { field: [map, field("MmEntry", 3)], nestedType: [entry(plain)] }),
    /defined twice/,
  ],
  ["a reserved number", file({}, { field: [field("n", 19_500)] }), /19500; take another/],
  ["too large a number", file({}, { field: [field("n", 536_870_912)] }), /take another/],
  [
    "fields of one name in JSON",
    file({}, { field: [field("_foo", 2), field("Foo", 3)] }),
    /"Foo" in JSON/,
  ],
  [
    "a oneof of a field's name",
    file({}, { field: [field("b", 2, inOneof)], oneofDecl: oneof("a") }),
    /defined twice/,
  ],
];

const taken: readonly (readonly [string, File])[] = [
  ["an alias with and without its enum's name", file(enumOf(["KIND_A", 0], ["A", 0]))],
  ["values whose words begin elsewhere", file(counted("KIND_FOO_BAR", "KIND_FOOBAR"))],
  ["an alias that differs as others do", file(enumOf(["Z", 0], ["A", 1], ["KIND_A", 1]))],
  ["negative values", file(enumOf(["Z", 0], ["N", -5]))],
  ["fields that differ in case", file({}, { field: [field("foo", 2), field("Foo", 3)] })],
  [
    "fields that would be one in JSON, had they no names there",
    file(
      {},
      {
        field: [field("foo_bar", 2, { jsonName: "p" }), field("fooBar", 3, { jsonName: "q" })],
      },
    ),
  ],
  ["a oneof of nothing", file({}, { oneofDecl: oneof("o") })],
  [
    "a oneof in pieces",
    file(
      {},
      {
        field: [field("b", 2, inOneof), field("c", 3), field("d", 4, inOneof)],
        oneofDecl: oneof("o"),
      },
    ),
  ],
  [
    "a oneof of the name that an optional field's own would have",
    file(proto2, {
      field: [field("x", 2), field("y", 3, inOneof)],
      oneofDecl: oneof("_x"),
    }),
  ],
  [
    "entries of another message's map",
    file(
      {
        messageType: [
          messageOf("N", {
            field: [field("x", 1, { type: MESSAGE, label: REPEATED, typeName: map.typeName })],
          }),
        ],
      },
      { field: [map], nestedType: [entry(plain)] },
    ),
  ],
  [
    "entries with more than they need",
    file({}, { field: [map], nestedType: [entry([...plain, field("third", 3)])] }),
  ],
  [
    "entries with their numbers swapped",
    file({}, { field: [map], nestedType: [entry([field("key", 2), field("value", 1)])] }),
  ],
  [
    "reserved names and numbers that are used",
    file(
      {},
      {
        field: [field("n", 2)],
        reservedName: ["n"],
        reservedRange: [create(DescriptorProto_ReservedRangeSchema, { start: 2, end: 3 })],
      },
    ),
  ],
  [
    "an extension range over a field",
    file(proto2, {
      field: [field("n", 2)],
      extensionRange: [create(DescriptorProto_ExtensionRangeSchema, { start: 2, end: 300 })],
    }),
  ],
  [
    "a message set",
    file(proto2, { options: create(MessageOptionsSchema, { messageSetWireFormat: true }) }),
  ],
  ["a required field", file(proto2, { field: [field("n", 2, { label: REQUIRED })] })],
  [
    "options for no such field",
    file(
      {},
      {
        field: [
          field("n", 2, {
            options: create(FieldOptionsSchema, { lazy: true, packed: true, weak: true }),
          }),
        ],
      },
    ),
  ],
  ["a weak import that is none", file({ weakDependency: [7], publicDependency: [9] })],
  [
    "an extension of a message that has no room",
    file({ extension: [field("x", 50_000, { extendee: ".acme.v1.M" })] }),
  ],
  [
    "a message of the name of its package",
    file({ messageType: [messageOf("v1"), messageOf("acme")] }),
  ],
];

describe("descriptors that C++ is stricter about", () => {
  for (const [what, proto, sentence] of refused) {
    it(`are refused with ${what}`, () => {
      const services = read(proto);
      expect("problems" in services ? services.problems.join("\n") : "taken").to.match(sentence);
    });
  }

  it("are taken by Envoy where they are taken", async function () {
    this.timeout(60_000);
    const all = taken.map(([what, proto]): readonly [string, OwnServices] => {
      const services = read(proto);
      if ("problems" in services) throw new Error(`${what}: ${services.problems.join()}`);
      return [what, services];
    });
    expect(await refusalOf(all.map(([, services]) => services))).to.equal("");
  });
});

function read(proto: File): ReturnType<typeof readOwnServices> {
  const set = create(FileDescriptorSetSchema, { file: [create(FileDescriptorProtoSchema, proto)] });
  return readOwnServices(toBinary(FileDescriptorSetSchema, set), "echo");
}
