// Writes JSON as google.protobuf.Struct.
//
// https://protobuf.dev/reference/protobuf/google.protobuf/#struct

import { type Sink, wire } from "./sink.ts";

/** Writes an object's members, without a length of its own. */
export function writeStruct(sink: Sink, json: unknown): void {
  if (typeof json !== "object" || json === null) return;
  for (const [name, value] of Object.entries(json)) {
    inside(sink, field.struct, () => {
      sink.varint(field.key);
      sink.text(name);
      inside(sink, field.entry, () => writeValue(sink, value));
    });
  }
}

// Tags: the field's number and its wire type.
const field = {
  struct: 8 + wire.bytes,
  key: 8 + wire.bytes,
  entry: 2 * 8 + wire.bytes,
  nothing: 8 + wire.varint,
  number: 2 * 8 + wire.bit64,
  text: 3 * 8 + wire.bytes,
  truth: 4 * 8 + wire.varint,
  object: 5 * 8 + wire.bytes,
  list: 6 * 8 + wire.bytes,
  item: 8 + wire.bytes,
} as const;

function writeValue(sink: Sink, value: unknown): void {
  switch (typeof value) {
    case "string":
      sink.varint(field.text);
      sink.text(value);
      return;
    case "number":
      sink.varint(field.number);
      sink.double(value);
      return;
    case "boolean":
      sink.varint(field.truth);
      sink.varint(value ? 1 : 0);
      return;
    default:
      break;
  }
  if (Array.isArray(value)) {
    inside(sink, field.list, () => {
      for (const item of value) inside(sink, field.item, () => writeValue(sink, item));
    });
  } else if (typeof value === "object" && value !== null) {
    inside(sink, field.object, () => writeStruct(sink, value));
  } else {
    sink.varint(field.nothing);
    sink.varint(0);
  }
}

function inside(sink: Sink, tag: number, write: () => void): void {
  sink.varint(tag);
  const begin = sink.begin();
  write();
  sink.end(begin);
}
