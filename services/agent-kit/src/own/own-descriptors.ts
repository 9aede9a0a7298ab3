// What the mesh is told of an agent's own services: one set of descriptors for all of them.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { OwnService } from "./own-service.ts";

/** The files of all services, each once, without services that are not served. Empty for none. */
export function descriptorsOf(services: readonly OwnService[]): Uint8Array {
  if (services.length === 0) return new Uint8Array();
  const served = new Set(
    services.flatMap(({ definition }) =>
      Object.values(definition).map(({ path }) => path.split("/")[1] ?? ""),
    ),
  );
  const files = new Map<string, FileDescriptorProto>();
  for (const { descriptors } of services) {
    for (const file of fromBinary(FileDescriptorSetSchema, descriptors).file) {
      const within = (name: string): string => (file.package ? `${file.package}.${name}` : name);
      file.service = file.service.filter(({ name }) => served.has(within(name)));
      if (!files.has(file.name)) files.set(file.name, file);
    }
  }
  return toBinary(
    FileDescriptorSetSchema,
    create(FileDescriptorSetSchema, { file: [...files.values()] }),
  );
}
