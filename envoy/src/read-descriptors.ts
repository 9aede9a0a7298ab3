// Reads from an Envoy binary the protos it was built from.
//
// A C++ program carries the serialised FileDescriptorProto of every proto that
// it links. Types generated from those can never disagree with the binary.

import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** Every proto inside a binary, by name. */
export function readDescriptors(binary: Buffer): ReadonlyMap<string, FileDescriptorProto> {
  const files = new Map<string, FileDescriptorProto>();
  for (let at = binary.indexOf(marker); at >= 0; at = binary.indexOf(marker, at + 1)) {
    const start = startOf(binary, at + marker.length - 1);
    if (start === undefined) continue;
    const bytes = binary.subarray(start, endOf(binary, start));
    const file = parse(bytes);
    if (file !== undefined && !files.has(file.name)) files.set(file.name, file);
  }
  return files;
}

/**
 * The named files and all that they import, each after what it imports.
 *
 * @returns the files, or the names that are not there
 */
export function closureOf(
  files: ReadonlyMap<string, FileDescriptorProto>,
  names: readonly string[],
):
  | { readonly ok: true; readonly files: readonly FileDescriptorProto[] }
  | { readonly ok: false; readonly missing: readonly string[] } {
  const ordered = new Map<string, FileDescriptorProto>();
  const missing = new Set<string>();
  const visit = (name: string): void => {
    if (ordered.has(name)) return;
    const file = files.get(name);
    if (file === undefined) {
      missing.add(name);
      return;
    }
    for (const dependency of file.dependency) visit(dependency);
    ordered.set(name, file);
  };
  for (const name of names) visit(name);
  return missing.size > 0
    ? { ok: false, missing: [...missing] }
    : { ok: true, files: [...ordered.values()] };
}

// Every file has a package, field 2 (tag 0x12), right after its name, field 1 (tag 0x0a).
const marker = Buffer.from(".proto\x12");
const nameTag = 0x0a;
const shortestName = "a.proto".length;
// A longer name would need two bytes of length; Envoy has none.
const longestName = 127;

function startOf(binary: Buffer, nameEnd: number): number | undefined {
  for (let length = shortestName; length <= longestName; length++) {
    const nameStart = nameEnd - length;
    if (binary[nameStart - 1] !== length || binary[nameStart - 2] !== nameTag) continue;
    if (/^[\w./-]+$/.test(binary.toString("latin1", nameStart, nameEnd))) return nameStart - 2;
  }
  return undefined;
}

const fieldNumbers: ReadonlySet<number> = new Set(
  FileDescriptorProtoSchema.fields.map((field) => field.number),
);
// Only these may come more than once; another name, say, begins the next file.
const repeated: ReadonlySet<number> = new Set(
  FileDescriptorProtoSchema.fields
    .filter((field) => field.fieldKind === "list")
    .map((field) => field.number),
);
const longestFile = 4_000_000;

function endOf(binary: Buffer, start: number): number {
  const reader = new BinaryReader(binary.subarray(start, start + longestFile));
  const seen = new Set<number>();
  let end = 0;
  try {
    for (;;) {
      const [number, wireType] = reader.tag();
      if (!fieldNumbers.has(number) || (seen.has(number) && !repeated.has(number))) break;
      if (wireType === WireType.StartGroup || wireType === WireType.EndGroup) break;
      seen.add(number);
      reader.skip(wireType, number);
      if (reader.pos > reader.len) break;
      end = reader.pos;
    }
  } catch {
    // What follows the file is no field at all, and the file ended before it.
  }
  return start + end;
}

function parse(bytes: Uint8Array): FileDescriptorProto | undefined {
  try {
    const file = fromBinary(FileDescriptorProtoSchema, bytes);
    // A file that was read too far or not far enough does not come out the same.
    return Buffer.compare(toBinary(FileDescriptorProtoSchema, file), bytes) === 0
      ? file
      : undefined;
  } catch {
    return undefined;
  }
}
