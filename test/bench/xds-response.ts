// Reads a delta response without decoding what is in it: names and versions, at little cost.
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** One resource of a response; `body` is not copied. */
export interface ReadResource {
  readonly name: string;
  readonly version: string;
  readonly body: Uint8Array;
}

/** What a response says. */
export interface ReadResponse {
  readonly typeUrl: string;
  readonly nonce: string;
  readonly resources: readonly ReadResource[];
  readonly removed: readonly string[];
}

/**
 * Reads `envoy.service.discovery.v3.DeltaDiscoveryResponse`. Where the bytes of its
 * resources are those of an earlier response, `resources` is that one's list.
 */
export function readResponse(bytes: Uint8Array): ReadResponse {
  const parts: Uint8Array[] = [];
  const removed: string[] = [];
  let typeUrl = "";
  let nonce = "";
  eachField(bytes, (field, reader) => {
    if (field === 2) parts.push(reader.bytes());
    else if (field === 4) typeUrl = reader.string();
    else if (field === 5) nonce = reader.string();
    else if (field === 6) removed.push(reader.string());
    else return false;
    return true;
  });
  return { typeUrl, nonce, resources: resourcesIn(parts), removed };
}

interface KnownList {
  readonly bytes: Buffer;
  readonly resources: readonly ReadResource[];
}

/** The lists that were read last, the newest first. */
let lists: readonly KnownList[] = [];

function resourcesIn(parts: readonly Uint8Array[]): readonly ReadResource[] {
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return nothing;
  const { buffer, byteOffset } = first;
  const bytes = Buffer.from(buffer, byteOffset, last.byteOffset + last.length - byteOffset);
  const same = lists.find((each) => each.bytes.equals(bytes));
  if (same !== undefined) return same.resources;
  const resources = parts.map(readResource);
  lists = [{ bytes: Buffer.from(bytes), resources }, ...lists].slice(0, 20);
  return resources;
}

const nothing: readonly ReadResource[] = [];

/** `envoy.service.discovery.v3.Resource`. */
function readResource(bytes: Uint8Array): ReadResource {
  let name = "";
  let version = "";
  let body: Uint8Array = new Uint8Array();
  eachField(bytes, (field, reader) => {
    if (field === 1) version = known(reader.string());
    else if (field === 3) name = known(reader.string());
    else if (field === 2) body = valueOfAny(reader.bytes());
    else return false;
    return true;
  });
  return { name, version, body };
}

function valueOfAny(bytes: Uint8Array): Uint8Array {
  let value: Uint8Array = new Uint8Array();
  eachField(bytes, (field, reader) => {
    if (field !== 2) return false;
    value = reader.bytes();
    return true;
  });
  return value;
}

/** @param take false for a field that it has not read */
function eachField(
  bytes: Uint8Array,
  take: (field: number, reader: BinaryReader) => boolean,
): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (wire !== WireType.LengthDelimited || !take(field, reader)) reader.skip(wire, field);
  }
}

/** Thousands of nodes hold the same names: each is kept once. */
const texts = new Map<string, string>();

function known(text: string): string {
  const same = texts.get(text);
  if (same !== undefined) return same;
  texts.set(text, text);
  return text;
}
