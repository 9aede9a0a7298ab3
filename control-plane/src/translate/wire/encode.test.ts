import {
  create,
  type DescField,
  type DescMessage,
  fromBinary,
  type Message,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { RouteSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import { registry } from "@smartcall/envoy/api/registry.js";
import { expect } from "chai";
import { encode } from "./encode.ts";

describe("the quick way to serialise", () => {
  it("writes what the library writes, whatever field of Envoy's API is set", () => {
    let compared = 0;
    for (const desc of registry) {
      // Those are annotations of protos, of which nothing is ever sent.
      if (desc.kind !== "message" || desc.typeName.startsWith("validate.")) continue;
      for (const variant of [0, 1, 2]) {
        const message = filled(desc, variant, 2);
        expect(hex(encode(desc, message)), desc.typeName).to.equal(hex(toBinary(desc, message)));
        compared += 1;
      }
    }
    expect(compared).to.be.greaterThan(1_000);
  });

  it("writes JSON inside a message", () => {
    const json = { a: [1, "two", null, { b: true }], "": {}, ü: -0.5, "𝄞": "€".repeat(200) };
    const route = create(RouteSchema, { metadata: { filterMetadata: { x: json } } });
    expect(hex(encode(RouteSchema, route))).to.equal(hex(toBinary(RouteSchema, route)));
  });

  it("keeps what it does not know", () => {
    const unknown = new Uint8Array([
      ...encode(RouteSchema, create(RouteSchema, { name: "a" })),
      0xf8,
      0x07,
      0x05,
    ]);
    const read = fromBinary(RouteSchema, unknown);
    expect(hex(encode(RouteSchema, read))).to.equal(hex(unknown));
  });

  it("writes messages of every size", () => {
    for (const size of [0, 1, 127, 128, 16_383, 16_384, 300_000]) {
      const route = create(RouteSchema, { match: { headers: [{ name: "x".repeat(size) }] } });
      expect(hex(encode(RouteSchema, route))).to.equal(hex(toBinary(RouteSchema, route)));
    }
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** A message with every field set, of each oneof one: another in each variant. */
function filled(desc: DescMessage, variant: number, depth: number): Message {
  const message = create(desc);
  const reflected = reflect(desc, message);
  for (const field of desc.fields) {
    const { oneof } = field;
    if (oneof !== undefined && oneof.fields[variant % oneof.fields.length] !== field) continue;
    setField(reflected, field, variant, depth);
  }
  return message;
}

function setField(
  message: ReturnType<typeof reflect>,
  field: DescField,
  variant: number,
  depth: number,
): void {
  const inner = (desc: DescMessage) => reflect(desc, filled(desc, variant, depth - 1));
  switch (field.fieldKind) {
    case "scalar":
      message.set(field, sample(field.scalar, variant));
      return;
    case "enum":
      message.set(field, field.enum.values.at(-1 - variant)?.number ?? 0);
      return;
    case "message":
      if (depth > 0) message.set(field, inner(field.message));
      return;
    case "list": {
      const list = message.get(field);
      for (let index = 0; index < 2; index++) {
        if (field.listKind === "scalar") list.add(sample(field.scalar, variant));
        else if (field.listKind === "enum") list.add(index);
        else if (depth > 0) list.add(inner(field.message));
      }
      return;
    }
    case "map": {
      const map = message.get(field);
      const key = field.mapKey === ScalarType.STRING ? `key ${variant}` : variant;
      if (field.mapKind === "scalar") map.set(key, sample(field.scalar, variant));
      else if (field.mapKind === "enum") map.set(key, variant);
      else if (depth > 0) map.set(key, inner(field.message));
    }
  }
}

function sample(type: ScalarType, variant: number) {
  switch (type) {
    case ScalarType.STRING:
      return ["", "text", "größer"][variant] ?? "";
    case ScalarType.BOOL:
      return variant > 0;
    case ScalarType.BYTES:
      return new Uint8Array(variant * 100);
    case ScalarType.UINT32:
      return [0, 300, 4_294_967_295][variant] ?? 0;
    case ScalarType.INT32:
      return [0, -1, 2_147_483_647][variant] ?? 0;
    case ScalarType.INT64:
      return [0n, -5n, 9_007_199_254_740_993n][variant] ?? 0n;
    case ScalarType.UINT64:
      return [0n, 127n, 18_446_744_073_709_551_615n][variant] ?? 0n;
    default:
      return [0, 0.5, -3][variant] ?? 0;
  }
}
