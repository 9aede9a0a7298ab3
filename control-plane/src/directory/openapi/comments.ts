// What the authors of protos wrote above their types, fields and methods.

import type {
  DescriptorProto,
  EnumDescriptorProto,
  FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/** The comment above a thing, by its full name; "" where there is none. */
export type Comments = (name: string) => string;

/** @param files with what a compiler kept of their source, as far as it did */
export function commentsOf(files: readonly FileDescriptorProto[]): Comments {
  const found = new Map(files.flatMap((file) => [...inFile(file)]));
  return (name) => found.get(name) ?? "";
}

/** The first sentence, without the full stop. */
export function summaryOf(comment: string): string {
  const [first = ""] = comment.split(/(?<=[.:])\s|;/);
  return first.replace(/[.:]$/, "");
}

/** The numbers of fields in `descriptor.proto`, by which places in a file are told. */
const places = { message: 4, enum: 5, service: 6, field: 2, nested: 3, nestedEnum: 4, value: 2 };

function inFile(file: FileDescriptorProto): ReadonlyMap<string, string> {
  const written = new Map(
    file.sourceCodeInfo?.location.map((at) => [at.path.join("."), cleaned(at.leadingComments)]),
  );
  const found = new Map<string, string>();
  const note = (name: string, path: readonly number[]): void => {
    const comment = written.get(path.join("."));
    if (comment !== undefined && comment !== "") found.set(name, comment);
  };
  const noteEnum = (type: EnumDescriptorProto, before: string, path: readonly number[]): void => {
    note(before + type.name, path);
    type.value.forEach((value, index) => {
      note(`${before}${type.name}.${value.name}`, [...path, places.value, index]);
    });
  };
  const noteMessage = (type: DescriptorProto, before: string, path: readonly number[]): void => {
    const name = before + type.name;
    note(name, path);
    type.field.forEach((field, index) => {
      note(`${name}.${field.name}`, [...path, places.field, index]);
    });
    type.nestedType.forEach((nested, index) => {
      noteMessage(nested, `${name}.`, [...path, places.nested, index]);
    });
    type.enumType.forEach((nested, index) => {
      noteEnum(nested, `${name}.`, [...path, places.nestedEnum, index]);
    });
  };
  const before = file.package === "" ? "" : `${file.package}.`;
  file.messageType.forEach((type, index) => {
    noteMessage(type, before, [places.message, index]);
  });
  file.enumType.forEach((type, index) => {
    noteEnum(type, before, [places.enum, index]);
  });
  file.service.forEach((service, index) => {
    const name = before + service.name;
    note(name, [places.service, index]);
    service.method.forEach((method, at) => {
      note(`${name}.${method.name}`, [places.service, index, 2, at]);
    });
  });
  return found;
}

/** One paragraph is one line. */
function cleaned(comment: string): string {
  return comment
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .join("\n\n")
    .trim();
}
