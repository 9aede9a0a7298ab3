// Writes files anew, with what translating calls needs and nothing else.

import { create, type DescEnum, type DescFile, type DescMessage } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  MethodDescriptorProtoSchema,
  MethodOptionsSchema,
  ServiceDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { httpOption } from "./http-rule.ts";
import { isName, shown } from "./names.ts";
import type { OwnProblems } from "./own-services.ts";
import { descriptorFile, type Trusted } from "./trusted.ts";
import { type TypeNamed, writeEnum, writeMessage } from "./write-types.ts";

type TopLevel = DescMessage | DescEnum;

/**
 * The files as proto3, whatever they were: options, extensions, defaults and comments are
 * left out. A file without services of its own, or types that are used, is not there.
 *
 * @param files each after those that it imports
 * @param rest the REST paths by gRPC path
 */
export function writeFiles(
  files: readonly DescFile[],
  rest: ReadonlyMap<string, string>,
  trusted: Trusted,
): { readonly files: readonly FileDescriptorProto[] } | { readonly problems: OwnProblems } {
  const used = usedTypes(files, trusted);
  const problems: string[] = [...used.problems];
  const names = new Map(files.map((file, index) => [file, `own/${index}.proto`]));
  const written = files.flatMap((file): FileDescriptorProto[] => {
    const messages = file.messages.filter((each) => used.types.has(each));
    const enums = file.enums.filter((each) => used.types.has(each));
    if (messages.length + enums.length + file.services.length === 0) return [];
    if (file.proto.package !== "" && !file.proto.package.split(".").every(isName)) {
      problems.push(`${shown(file.proto.package)} is no package; take names with dots`);
    }
    const imports = new Set<string>();
    const report = (problem: string): void => void problems.push(problem);
    const named: TypeNamed = (type) => {
      const top = topOf(type);
      if (isInEntry(type)) {
        report(`${shown(type.typeName)} is part of a map's entries; move it out`);
      }
      const shared = trusted.types.get(top.typeName);
      if (shared !== undefined && shared.kind !== "extension") {
        imports.add(shared.file.proto.name);
      } else if (top.file !== file) {
        imports.add(names.get(top.file) ?? "");
      }
      return `.${type.typeName}`;
    };
    if (file.services.length > 0) imports.add("google/api/annotations.proto");
    const service = file.services.map(({ methods, name }) =>
      create(ServiceDescriptorProtoSchema, {
        name,
        method: methods.map((method) => {
          const path = rest.get(`/${method.parent.typeName}/${method.name}`);
          return create(MethodDescriptorProtoSchema, {
            name: method.name,
            inputType: named(method.input),
            outputType: named(method.output),
            clientStreaming: method.proto.clientStreaming,
            serverStreaming: method.proto.serverStreaming,
            ...(path !== undefined && {
              options: { ...create(MethodOptionsSchema), $unknown: [httpOption(path)] },
            }),
          });
        }),
      }),
    );
    const messageType = messages.map((each) => writeMessage(each, { named, report, depth: 0 }));
    const enumType = enums.map((each) => writeEnum(each, report));
    return [
      create(FileDescriptorProtoSchema, {
        name: names.get(file) ?? "",
        package: file.proto.package,
        syntax: "proto3",
        dependency: [...imports].sort(),
        messageType,
        enumType,
        service,
      }),
    ];
  });
  return problems.length > 0 ? { problems } : { files: written };
}

/**
 * Every type of the agent's own, for details of errors may hold any of them, and what those
 * and its methods are made of.
 */
function usedTypes(
  files: readonly DescFile[],
  trusted: Trusted,
): { readonly types: ReadonlySet<TopLevel>; readonly problems: OwnProblems } {
  const types = new Set<TopLevel>();
  const problems: string[] = [];
  const queue: TopLevel[] = [];
  const use = (type: DescMessage | DescEnum): void => {
    const top = topOf(type);
    const shared = trusted.types.get(top.typeName);
    if (shared !== undefined && top.file.proto.name !== descriptorFile) {
      if (trusted.types.get(type.typeName)?.kind !== type.kind) {
        problems.push(`${type.typeName} is not the contract's; take another name for it`);
      }
    } else if (unusable.test(top.typeName)) {
      problems.push(`${shown(top.typeName)} cannot be part of a call; use a type of your own`);
    } else if (!types.has(top)) {
      types.add(top);
      queue.push(top);
    }
  };
  for (const file of files) {
    for (const { methods } of file.services) {
      for (const { input, output } of methods) {
        use(input);
        use(output);
      }
    }
    if (/^(google|smartcall)(\.|$)/.test(file.proto.package)) continue;
    for (const each of [...file.messages, ...file.enums]) {
      // Imported under a name of another's making, they are the same types.
      if (trusted.types.get(each.typeName) === undefined) use(each);
    }
  }
  for (const type of queue) {
    if (type.kind === "enum") continue;
    for (const each of typesIn(type)) use(each);
  }
  return { types, problems };
}

/** Types about types, what only looks like ours, and answers that are no JSON: those the gateway takes for a broken agent's. */
const unusable = /^(google\.protobuf\.|smartcall\.|google\.api\.HttpBody$)/;

function typesIn(message: DescMessage): readonly (DescMessage | DescEnum)[] {
  const own = message.fields.flatMap((field) => [field.message ?? [], field.enum ?? []].flat());
  return [...own, ...message.nestedMessages.flatMap(typesIn)];
}

/** Entries are written anew, with a key and a value alone. */
function isInEntry({ parent }: DescMessage | DescEnum): boolean {
  return parent !== undefined && (parent.proto.options?.mapEntry === true || isInEntry(parent));
}

function topOf(type: DescMessage | DescEnum): TopLevel {
  let top: TopLevel = type;
  while (top.parent !== undefined) top = top.parent;
  return top;
}
