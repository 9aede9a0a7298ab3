// Which other resources a resource names, wherever in it a name can stand.

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type Reading, readingOf } from "./naming-fields.ts";
import { type References, type Resource, type ResourceType, typeUrls } from "./snapshot.ts";

/**
 * What a resource names.
 *
 * Reads every field in which a name can stand, and what is packed inside the
 * message, so a name cannot be missed because of where it is. From where it
 * cannot be read it names nothing; Envoy is the one to refuse it.
 */
export function referencesOf(type: ResourceType, resource: Resource): References {
  const found: Found = new Map();
  readPacked(typeUrls[type], new BinaryReader(resource.body), resource.body.length, found);
  const references: Partial<Record<ResourceType, readonly string[]>> = {};
  for (const [to, names] of found) references[to] = [...names].sort();
  return references;
}

type Found = Map<ResourceType, Set<string>>;

/** Reads a message of which only the type URL is known; skips one that names nothing. */
function readPacked(typeUrl: string, reader: BinaryReader, end: number, found: Found): void {
  const reading = readingOf(typeUrl.slice(typeUrl.lastIndexOf("/") + 1));
  try {
    if (reading !== undefined) readMessage(reading, reader, end, found);
  } catch {
    // What stands after it can be read again.
  }
  reader.pos = end;
}

function readMessage(reading: Reading, reader: BinaryReader, end: number, found: Found): void {
  if (reading.isAny) {
    readAny(reader, end, found);
    return;
  }
  let own = "";
  const named: { readonly to: ResourceType; readonly name: string }[] = [];
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const field = wireType === WireType.LengthDelimited ? reading.fields.get(number) : undefined;
    if (field === undefined) {
      reader.skip(wireType, number);
      continue;
    }
    if (field.kind === "text") {
      const text = reader.string();
      if (field.isOwnName) own = text;
      if (field.names !== undefined) add(found, field.names, text);
      continue;
    }
    const size = reader.uint32();
    const begin = reader.pos;
    if (field.makesNamed !== undefined) {
      const { to, by } = field.makesNamed;
      named.push({ to, name: by === undefined ? "" : textIn(reader, begin + size, by) });
      reader.pos = begin;
    }
    if (field.inner !== undefined) readMessage(field.inner(), reader, begin + size, found);
    reader.pos = begin + size;
  }
  for (const { to, name } of named) add(found, to, name === "" ? own : name);
}

function readAny(reader: BinaryReader, end: number, found: Found): void {
  let typeUrl = "";
  let value: { readonly begin: number; readonly end: number } | undefined;
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    if (number === 1) {
      typeUrl = reader.string();
    } else if (number === 2) {
      const size = reader.uint32();
      value = { begin: reader.pos, end: reader.pos + size };
      reader.pos = value.end;
    } else {
      reader.skip(wireType, number);
    }
  }
  if (value === undefined) return;
  reader.pos = value.begin;
  readPacked(typeUrl, reader, value.end, found);
  reader.pos = end;
}

/** The text in one field of a message. */
function textIn(reader: BinaryReader, end: number, wanted: number): string {
  let text = "";
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    if (number === wanted) text = reader.string();
    else reader.skip(wireType, number);
  }
  return text;
}

function add(found: Found, to: ResourceType, name: string): void {
  if (name === "") return;
  const names = found.get(to);
  if (names === undefined) found.set(to, new Set([name]));
  else names.add(name);
}
