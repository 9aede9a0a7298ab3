// Writes single values: numbers, texts, bytes, true and false.

import { ScalarType } from "@bufbuild/protobuf";
import { type Sink, wire } from "./sink.ts";

/** How values of one type are written. */
export interface ScalarWriter {
  readonly wireType: number;
  /** Writes a value without its tag; throws for one that is not of the type. */
  readonly write: (sink: Sink, value: unknown) => void;
}

/** The writer of a type. */
export function scalarWriter(type: ScalarType): ScalarWriter {
  switch (type) {
    case ScalarType.STRING:
      return of("string", wire.bytes, (sink, value) => sink.text(value));
    case ScalarType.BOOL:
      return of("boolean", wire.varint, (sink, value) => sink.varint(value ? 1 : 0));
    case ScalarType.BYTES:
      return { wireType: wire.bytes, write: (sink, value) => sink.sized(bytesOf(value)) };
    case ScalarType.UINT32:
      return of("number", wire.varint, (sink, value) => sink.varint(value));
    case ScalarType.INT32:
      return of("number", wire.varint, (sink, value) => {
        if (value < 0) sink.varint64(BigInt(value));
        else sink.varint(value);
      });
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return { wireType: wire.varint, write: (sink, value) => sink.varint64(bigOf(value)) };
    case ScalarType.DOUBLE:
      return of("number", wire.bit64, (sink, value) => sink.double(value));
    case ScalarType.FLOAT:
      return of("number", wire.bit32, (sink, value) => sink.float(value));
    default:
      return { wireType: wire.varint, write: () => unwritten(type) };
  }
}

/** Whether a value counts as not set where a field cannot tell absence from zero. */
export function isZero(value: unknown): boolean {
  switch (typeof value) {
    case "string":
      return value === "";
    case "number":
      return value === 0;
    case "bigint":
      return value === 0n;
    case "boolean":
      return !value;
    case "object":
      return value instanceof Uint8Array
        ? value.length === 0
        : Array.isArray(value) && value.length === 0;
    default:
      return true;
  }
}

interface Values {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}

function of<Name extends keyof Values>(
  name: Name,
  wireType: number,
  write: (sink: Sink, value: Values[Name]) => void,
): ScalarWriter {
  const fits = (value: unknown): value is Values[Name] => typeof value === name;
  return {
    wireType,
    write: (sink, value) => {
      if (!fits(value)) throw new Error(`a ${name} was expected, not ${typeof value}`);
      write(sink, value);
    },
  };
}

/** No field of Envoy's API has one of the types that are left. */
function unwritten(type: ScalarType): never {
  throw new Error(`values of the type ${ScalarType[type]} are not written`);
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error(`bytes were expected, not ${typeof value}`);
}

function bigOf(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" || typeof value === "string") return BigInt(value);
  throw new Error(`a whole number was expected, not ${typeof value}`);
}
