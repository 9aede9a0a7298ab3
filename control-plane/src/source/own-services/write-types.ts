// Messages and enums as proto3, by the rules of proto3's own compiler.
//
// https://protobuf.dev/reference/protobuf/proto3-spec/

import {
  create,
  type DescEnum,
  type DescField,
  type DescMessage,
  ScalarType,
} from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  type EnumDescriptorProto,
  EnumDescriptorProtoSchema,
  FeatureSet_FieldPresence,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  type OneofDescriptorProto,
  OneofDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { entryNameOf, generatedNameOf, isName, jsonNameOf, shown } from "./names.ts";

/** The full name of a type with a dot before it, and that it is used. */
export type TypeNamed = (type: DescMessage | DescEnum) => string;

/** Where a message is written. */
interface Place {
  readonly named: TypeNamed;
  readonly report: (problem: string) => void;
  /** How many messages are around it. */
  readonly depth: number;
}

const deepest = 16;
const largestNumber = 536_870_911;

/** Of several names that are the same in JSON the compiler would warn; those are refused here. */
const checkedHere = { deprecatedLegacyJsonFieldConflicts: true };

/** A message with all that is in it. */
export function writeMessage(message: DescMessage, place: Place): DescriptorProto {
  const { name, oneofs, typeName } = message;
  const report = (problem: string): void => place.report(`${shown(typeName)} ${problem}`);
  if (!isName(name)) report("is no name; take letters, digits and underscores");
  if (place.depth > deepest) {
    report(`is deeper than ${deepest} messages; move it out`);
    return create(DescriptorProtoSchema);
  }
  const proto = create(DescriptorProtoSchema, { name, options: checkedHere });
  const numbers = new Set<number>();
  const jsonNames = new Set<string>();
  const add = (
    field: DescField,
    more: Pick<FieldDescriptorProto, "oneofIndex" | "proto3Optional"> | undefined,
  ): void => {
    const { number } = field;
    if (!isName(field.name))
      report(
        `has a field ${shown(field.name)}, which is no name; take letters, digits and underscores`,
      );
    if (number < 1 || number > largestNumber || (number >= 19_000 && number <= 19_999)) {
      report(`has a field with the number ${number}; take another`);
    }
    if (numbers.has(number)) report(`has two fields with the number ${number}; take another`);
    numbers.add(number);
    const jsonName = field.proto.jsonName === "" ? jsonNameOf(field.name) : field.proto.jsonName;
    if (!/^[!#-[\]-~]{1,200}$/.test(jsonName)) {
      report(`has a field whose name in JSON is ${shown(jsonName)}; take letters and digits`);
    }
    if (jsonNames.has(jsonName)) report(`has two fields ${shown(jsonName)} in JSON; rename one`);
    jsonNames.add(jsonName);
    const written = writeField(field, { ...place, report });
    if (written.entry !== undefined) proto.nestedType.push(written.entry);
    proto.field.push(create(FieldDescriptorProtoSchema, { ...written.field, jsonName, ...more }));
  };
  // Those of one oneof together, and what is optional by itself last.
  for (const oneof of oneofs) {
    if (!isName(oneof.name)) report(`has a oneof ${shown(oneof.name)}, which is no name`);
    const oneofIndex = proto.oneofDecl.push(oneofNamed(oneof.name)) - 1;
    for (const field of oneof.fields) {
      if (field.fieldKind === "list" || field.fieldKind === "map") {
        report(`has a list in a oneof, ${shown(field.name)}; put it into a message`);
      }
      add(field, { oneofIndex, proto3Optional: false });
    }
  }
  const members = new Set([...message.fields, ...oneofs].map((member) => member.name));
  for (const field of message.fields) {
    if (field.oneof !== undefined) continue;
    if (!isOptional(field)) {
      add(field, undefined);
      continue;
    }
    let oneof = `_${field.name}`;
    while (members.has(oneof)) oneof = `X${oneof}`;
    members.add(oneof);
    const oneofIndex = proto.oneofDecl.push(oneofNamed(oneof)) - 1;
    add(field, { oneofIndex, proto3Optional: true });
  }
  const inside = { ...place, depth: place.depth + 1 };
  proto.nestedType.push(...message.nestedMessages.map((each) => writeMessage(each, inside)));
  proto.enumType.push(...message.nestedEnums.map((each) => writeEnum(each, place.report)));
  return proto;
}

/** An enum. */
export function writeEnum(type: DescEnum, report: Place["report"]): EnumDescriptorProto {
  const { name, typeName } = type;
  const values = type.proto.value;
  if (!isName(name) || !values.every((each) => isName(each.name))) {
    report(
      `the enum ${shown(typeName)} has something that is no name; take letters, digits and underscores`,
    );
  }
  if (values[0]?.number !== 0) {
    report(`the first value of the enum ${shown(typeName)} must be 0, as JSON has it; add one`);
  }
  const known = new Map<string, (typeof values)[number]>();
  for (const value of isName(name) ? values : []) {
    const generated = generatedNameOf(name, value.name);
    const other = known.get(generated);
    if (other === undefined) known.set(generated, value);
    else if (other.number !== value.number) {
      report(
        `the enum ${shown(typeName)} has ${shown(other.name)} and ${shown(value.name)}, which are one name in generated code; rename one`,
      );
    }
  }
  const aliases = new Set(values.map(({ number }) => number)).size < values.length;
  return create(EnumDescriptorProtoSchema, {
    name,
    value: values.map((each) => ({ name: each.name, number: each.number })),
    options: { ...checkedHere, ...(aliases && { allowAlias: true }) },
  });
}

function oneofNamed(name: string): OneofDescriptorProto {
  return create(OneofDescriptorProtoSchema, { name });
}

function isOptional(field: DescField): boolean {
  const { IMPLICIT } = FeatureSet_FieldPresence;
  return (
    (field.fieldKind === "scalar" || field.fieldKind === "enum") && field.presence !== IMPLICIT
  );
}

interface WrittenField {
  readonly field: FieldDescriptorProto;
  /** The type of a map's entries. */
  readonly entry?: DescriptorProto;
}

function writeField(field: DescField, place: Place): WrittenField {
  const { name, number } = field;
  const { OPTIONAL, REPEATED } = FieldDescriptorProto_Label;
  const { MESSAGE } = FieldDescriptorProto_Type;
  const base = { name, number };
  if ("delimitedEncoding" in field && field.delimitedEncoding === true) {
    place.report(`has a group, ${shown(name)}; make it a message`);
  }
  if (field.fieldKind !== "map") {
    const label = field.fieldKind === "list" ? REPEATED : OPTIONAL;
    return {
      field: create(FieldDescriptorProtoSchema, { ...base, label, ...typeOf(field, place) }),
    };
  }
  const entryName = entryNameOf(name);
  const scope = `.${field.parent.typeName}.${entryName}`;
  const part = (named: string, at: number, type: TypeOf): FieldDescriptorProto =>
    create(FieldDescriptorProtoSchema, {
      name: named,
      number: at,
      label: OPTIONAL,
      jsonName: named,
      ...type,
    });
  return {
    field: create(FieldDescriptorProtoSchema, {
      ...base,
      label: REPEATED,
      type: MESSAGE,
      typeName: scope,
    }),
    entry: create(DescriptorProtoSchema, {
      name: entryName,
      field: [
        part("key", 1, { type: scalarOf(field.mapKey, place) }),
        part("value", 2, typeOf(field, place)),
      ],
      options: { mapEntry: true },
    }),
  };
}

type TypeOf = { readonly type: FieldDescriptorProto_Type; readonly typeName?: string };

/** Of a field, of the items of a list, or of the values of a map. */
function typeOf(field: DescField, place: Place): TypeOf {
  const { ENUM, MESSAGE } = FieldDescriptorProto_Type;
  if (field.message !== undefined) return { type: MESSAGE, typeName: place.named(field.message) };
  if (field.enum !== undefined) return { type: ENUM, typeName: place.named(field.enum) };
  return { type: scalarOf(field.scalar, place) };
}

function scalarOf(scalar: ScalarType | undefined, { report }: Place): FieldDescriptorProto_Type {
  const type = scalar === undefined ? undefined : scalars.get(scalar);
  if (type === undefined) report(`has a field of no known type (${scalar}); make it anew`);
  return type ?? FieldDescriptorProto_Type.STRING;
}

/** Both number them alike. */
const scalars: ReadonlyMap<ScalarType, FieldDescriptorProto_Type> = new Map([
  [ScalarType.DOUBLE, FieldDescriptorProto_Type.DOUBLE],
  [ScalarType.FLOAT, FieldDescriptorProto_Type.FLOAT],
  [ScalarType.INT64, FieldDescriptorProto_Type.INT64],
  [ScalarType.UINT64, FieldDescriptorProto_Type.UINT64],
  [ScalarType.INT32, FieldDescriptorProto_Type.INT32],
  [ScalarType.FIXED64, FieldDescriptorProto_Type.FIXED64],
  [ScalarType.FIXED32, FieldDescriptorProto_Type.FIXED32],
  [ScalarType.BOOL, FieldDescriptorProto_Type.BOOL],
  [ScalarType.STRING, FieldDescriptorProto_Type.STRING],
  [ScalarType.BYTES, FieldDescriptorProto_Type.BYTES],
  [ScalarType.UINT32, FieldDescriptorProto_Type.UINT32],
  [ScalarType.SFIXED32, FieldDescriptorProto_Type.SFIXED32],
  [ScalarType.SFIXED64, FieldDescriptorProto_Type.SFIXED64],
  [ScalarType.SINT32, FieldDescriptorProto_Type.SINT32],
  [ScalarType.SINT64, FieldDescriptorProto_Type.SINT64],
]);
