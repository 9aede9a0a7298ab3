// What is wrong with the maps of files, before they are linked: linking gives no reasons.
//
// https://protobuf.dev/programming-guides/proto3/#maps

import {
  type DescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { shown } from "./names.ts";

/** A sentence about the first map that is none; undefined where there is no such map. */
export function mapProblem(files: readonly FileDescriptorProto[]): string | undefined {
  for (const file of files) {
    const inside = file.package === "" ? "" : `${file.package}.`;
    const queue = file.messageType.map((message) => ({ message, name: inside + message.name }));
    for (const { message, name } of queue) {
      if (message.options?.mapEntry === true) {
        const problem = entryProblem(message);
        if (problem !== undefined) return `${shown(name)} ${problem}`;
      }
      for (const each of message.nestedType) {
        queue.push({ message: each, name: `${name}.${each.name}` });
      }
    }
  }
  return undefined;
}

function entryProblem({ field: fields }: DescriptorProto): string | undefined {
  const [key, value] = ["key", "value"].map((name) => fields.find((each) => each.name === name));
  const repeated = fields.some(({ label }) => label === FieldDescriptorProto_Label.REPEATED);
  if (key === undefined || value === undefined || repeated) {
    return "is a map's entry and needs one `key` and one `value`; write `map<…, …>`";
  }
  return noKeys.has(key.type)
    ? "is of a map whose key is no text, whole number or bool; take one of these as its key"
    : undefined;
}

const { BYTES, DOUBLE, ENUM, FLOAT, GROUP, MESSAGE } = FieldDescriptorProto_Type;
const noKeys: ReadonlySet<FieldDescriptorProto_Type> = new Set([
  ...[BYTES, DOUBLE, ENUM, FLOAT],
  ...[GROUP, MESSAGE],
]);
