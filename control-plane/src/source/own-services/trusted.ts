// The types that all agents share: the contract's, and those that JSON knows in forms of their own.

import {
  create,
  createFileRegistry,
  type DescFile,
  type FileRegistry,
  fromBinary,
} from "@bufbuild/protobuf";
import {
  FileDescriptorSetSchema,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_wrappers,
} from "@bufbuild/protobuf/wkt";
import { descriptorSet } from "@smartcall/protos";
import { collectSymbols, type Symbols } from "./symbols.ts";

/** Descriptors that are there whatever an agent brings. */
export interface Trusted {
  /** In the order of their imports. */
  readonly files: readonly DescFile[];
  readonly types: FileRegistry;
  readonly symbols: Symbols;
}

/** Made once, on first use. */
export function trustedTypes(): Trusted {
  made ??= make();
  return made;
}

/** Its types are about types, and of an older syntax; no call needs them. */
export const descriptorFile = "google/protobuf/descriptor.proto";

let made: Trusted | undefined;

function make(): Trusted {
  const { file: contract } = fromBinary(FileDescriptorSetSchema, descriptorSet());
  const known = new Set(contract.map(({ name }) => name));
  const more = [
    file_google_protobuf_empty,
    file_google_protobuf_field_mask,
    file_google_protobuf_wrappers,
  ].flatMap(({ proto }) => (known.has(proto.name) ? [] : [proto]));
  const file = [...contract, ...more];
  const types = createFileRegistry(create(FileDescriptorSetSchema, { file }));
  const symbols = new Map<string, "package" | "name">();
  for (const each of file) collectSymbols(each, symbols);
  return { files: [...types.files], types, symbols };
}
