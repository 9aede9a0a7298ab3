// Leaves out of protos what they only say to Envoy itself: how it checks what it is given, since when a field is there.
//
// To read it takes every process that knows the API a quarter of a second, and none looks at it.

import { clone } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/** The files without options of others' making, and without imports of which no type is used. */
export function withoutAnnotations(
  files: readonly FileDescriptorProto[],
): readonly FileDescriptorProto[] {
  const definedIn = new Map(
    files.flatMap((file) => typesOf(file).map((type) => [type, file.name])),
  );
  const passOn = new Set(
    files.filter((file) => file.publicDependency.length > 0).map(({ name }) => name),
  );
  return files.map((file) => {
    const plain = clone(FileDescriptorProtoSchema, file);
    stripFile(plain);
    const used = new Set(referencesOf(plain).map((type) => definedIn.get(type)));
    const isKept = (name: string, index: number): boolean =>
      used.has(name) || passOn.has(name) || file.publicDependency.includes(index);
    plain.dependency = file.dependency.filter(isKept);
    plain.publicDependency = file.publicDependency.map((index) =>
      plain.dependency.indexOf(file.dependency[index] ?? ""),
    );
    plain.weakDependency = [];
    return plain;
  });
}

/** What has options, which may have fields that the library does not know: others' own. */
interface Optioned {
  options?: { $unknown?: unknown } | undefined;
}

function strip(described: readonly Optioned[]): void {
  for (const { options } of described) delete options?.$unknown;
}

function stripFile(file: FileDescriptorProto): void {
  strip([
    file,
    ...file.extension,
    ...file.service,
    ...file.service.flatMap(({ method }) => method),
  ]);
  for (const each of file.enumType) stripEnum(each);
  for (const each of file.messageType) stripMessage(each);
}

function stripMessage(message: DescriptorProto): void {
  strip([message, ...message.field, ...message.extension, ...message.oneofDecl]);
  for (const each of message.enumType) stripEnum(each);
  for (const each of message.nestedType) stripMessage(each);
}

function stripEnum(described: EnumDescriptorProto): void {
  strip([described, ...described.value]);
}

/** The full names of all types that a file defines, as fields write them: with a dot before. */
function typesOf(file: FileDescriptorProto): readonly string[] {
  const within = file.package === "" ? "" : `.${file.package}`;
  const nested = (message: DescriptorProto, prefix: string): readonly string[] => {
    const own = `${prefix}.${message.name}`;
    return [
      own,
      ...message.enumType.map(({ name }) => `${own}.${name}`),
      ...message.nestedType.flatMap((each) => nested(each, own)),
    ];
  };
  return [
    ...file.enumType.map(({ name }) => `${within}.${name}`),
    ...file.messageType.flatMap((each) => nested(each, within)),
  ];
}

/** The full names of all types that a file speaks of. */
function referencesOf(file: FileDescriptorProto): readonly string[] {
  const ofFields = (fields: readonly FieldDescriptorProto[]): readonly string[] =>
    fields.flatMap(({ typeName, extendee }) => [typeName, extendee]);
  const ofMessage = (message: DescriptorProto): readonly string[] => [
    ...ofFields([...message.field, ...message.extension]),
    ...message.nestedType.flatMap(ofMessage),
  ];
  const methods = file.service.flatMap(({ method }) => method);
  return [
    ...ofFields(file.extension),
    ...file.messageType.flatMap(ofMessage),
    ...methods.flatMap(({ inputType, outputType }) => [inputType, outputType]),
  ];
}
