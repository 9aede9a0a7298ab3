// A mesh as the configuration that an Envoy of its own could start from.

import type { JsonValue } from "@bufbuild/protobuf";
import {
  type Bootstrap,
  BootstrapSchema,
} from "@smartcall/envoy/api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import { descriptorSet } from "@smartcall/protos";
import type { Mesh } from "../model/mesh.ts";
import { translate } from "../translate/index.ts";
import { encode } from "../translate/wire/index.ts";
import { plainBootstrap } from "./print.ts";
import { staticBootstrap } from "./static-bootstrap.ts";

/** The bootstrap as plain data; see `staticBootstrap`. */
export function renderMesh(mesh: Mesh): JsonValue {
  return plainBootstrap(bootstrapOf(mesh));
}

/** The same as the bytes of its message, which Envoy reads from a file that ends in `.pb`. */
export function encodeMesh(mesh: Mesh): Uint8Array {
  return encode(BootstrapSchema, bootstrapOf(mesh));
}

function bootstrapOf(mesh: Mesh): Bootstrap {
  return staticBootstrap(translate(mesh, descriptorSet()));
}
