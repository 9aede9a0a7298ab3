// A small client of gRPC's reflection.
//
// https://github.com/grpc/grpc/blob/master/src/proto/grpc/reflection/v1/reflection.proto

import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Client, credentials } from "@grpc/grpc-js";
import { metadataOf } from "./grpc.ts";
import type { Mesh } from "./mesh.ts";

/** What is asked: the services, or the files of a symbol. */
export type Question = { readonly services: true } | { readonly symbol: string };

/** What came back. */
export interface Reflected {
  readonly services: readonly string[];
  readonly files: readonly FileDescriptorProto[];
}

/** Asks one question. Throws what the call ends with. */
export function reflectOn(
  mesh: Pick<Mesh, "url" | "ca">,
  token: string,
  question: Question,
  version: "v1" | "v1alpha" = "v1",
): Promise<Reflected> {
  const { host } = new URL(mesh.url);
  const client = new Client(host, credentials.createSsl(Buffer.from(mesh.ca)));
  return new Promise<Reflected>((resolve, reject) => {
    const call = client.makeBidiStreamRequest(
      `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      asBytes,
      readAnswer,
      metadataOf({ token }),
    );
    call.on("data", (answer: Reflected) => {
      resolve(answer);
      call.end();
    });
    call.on("error", reject);
    call.write(question);
  }).finally(() => client.close());
}

function asBytes(question: Question): Buffer {
  const [field, text] = "symbol" in question ? [4, question.symbol] : [7, "*"];
  const writer = new BinaryWriter().tag(field, WireType.LengthDelimited).string(text);
  return Buffer.from(writer.finish());
}

function readAnswer(bytes: Buffer): Reflected {
  const files = fieldsOf(bytes, 4).flatMap((each) => fieldsOf(each, 1));
  const services = fieldsOf(bytes, 6).flatMap((each) => fieldsOf(each, 1));
  return {
    files: files.map((file) => fromBinary(FileDescriptorProtoSchema, file)),
    services: services.flatMap((each) => fieldsOf(each, 1)).map((name) => `${Buffer.from(name)}`),
  };
}

function fieldsOf(bytes: Uint8Array, number: number): readonly Uint8Array[] {
  const reader = new BinaryReader(bytes);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === number && wire === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(wire);
  }
  return found;
}
