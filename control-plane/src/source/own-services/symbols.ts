// The full names that files define, none of which may be defined twice.
//
// https://protobuf.dev/reference/protobuf/proto3-spec/

import type {
  DescriptorProto,
  EnumDescriptorProto,
  FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/** Full names, and whether each is of a package, which many files may share. */
export type Symbols = ReadonlyMap<string, "package" | "name">;

/** Adds the names of a file; gives those that were taken. */
export function collectSymbols(
  file: FileDescriptorProto,
  symbols: Map<string, "package" | "name">,
): readonly string[] {
  const taken: string[] = [];
  const define = (name: string): void => {
    if (symbols.has(name)) taken.push(name);
    symbols.set(name, "name");
  };
  const parts = file.package === "" ? [] : file.package.split(".");
  for (const index of parts.keys()) {
    const name = parts.slice(0, index + 1).join(".");
    if (symbols.get(name) === "name") taken.push(name);
    else symbols.set(name, "package");
  }
  const within = (scope: string, name: string): string =>
    scope === "" ? name : `${scope}.${name}`;
  // The values of an enum are its siblings.
  const enums = (scope: string, all: readonly EnumDescriptorProto[]): void => {
    for (const { name, value } of all) {
      define(within(scope, name));
      for (const each of value) define(within(scope, each.name));
    }
  };
  const messages = (scope: string, all: readonly DescriptorProto[]): void => {
    for (const { enumType, extension, field, name, nestedType, oneofDecl } of all) {
      const own = within(scope, name);
      define(own);
      for (const each of [...field, ...oneofDecl, ...extension]) define(within(own, each.name));
      enums(own, enumType);
      messages(own, nestedType);
    }
  };
  enums(file.package, file.enumType);
  messages(file.package, file.messageType);
  for (const { name, method } of file.service) {
    const own = within(file.package, name);
    define(own);
    for (const each of method) define(within(own, each.name));
  }
  for (const { name } of file.extension) define(within(file.package, name));
  return taken;
}
