// Reads a set of descriptors and links its files with each other.

import { create, createFileRegistry, type DescFile, fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { mapProblem } from "./map-problem.ts";
import { shown } from "./names.ts";

/** The files, each after those that it imports; or a sentence that says why there are none. */
export function linkFiles(descriptors: Uint8Array): readonly DescFile[] | string {
  try {
    const { file } = fromBinary(FileDescriptorSetSchema, descriptors);
    const sorted = inOrder(file);
    if (typeof sorted === "string") return sorted;
    const map = mapProblem(file);
    if (map !== undefined) return map;
    const set = create(FileDescriptorSetSchema, { file: [...sorted] });
    return [...createFileRegistry(set).files];
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    const why = words === "" ? "they contradict themselves" : words;
    return `they cannot be read: ${why.slice(0, 200)}; make them with \`protoc --include_imports --descriptor_set_out\``;
  }
}

/** Without recursion: a chain of imports can be as long as the set is large. */
function inOrder(files: readonly FileDescriptorProto[]): readonly FileDescriptorProto[] | string {
  const byName = new Map(files.map((file) => [file.name, file]));
  if (byName.size < files.length) return "two of their files have one name; give each its own";
  const importers = new Map<string, FileDescriptorProto[]>();
  const waitsFor = new Map<FileDescriptorProto, number>();
  for (const file of files) {
    const imports = new Set(file.dependency);
    for (const name of imports) {
      if (!byName.has(name)) {
        return `the file ${shown(file.name)} imports ${shown(name)}, which is not among them; add it with \`protoc --include_imports\``;
      }
      const known = importers.get(name);
      if (known === undefined) importers.set(name, [file]);
      else known.push(file);
    }
    waitsFor.set(file, imports.size);
  }
  const sorted = files.filter((file) => waitsFor.get(file) === 0);
  for (const file of sorted) {
    for (const importer of importers.get(file.name) ?? []) {
      const left = (waitsFor.get(importer) ?? 0) - 1;
      waitsFor.set(importer, left);
      if (left === 0) sorted.push(importer);
    }
  }
  return sorted.length === files.length
    ? sorted
    : "some of their files import each other in a circle; break it";
}
