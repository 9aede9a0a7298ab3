// A mesh as the configuration that an Envoy of its own could start from.

import type { JsonValue } from "@bufbuild/protobuf";
import { descriptorSet } from "@smartcall/protos";
import type { Mesh } from "../model/mesh.ts";
import { translate } from "../translate/index.ts";
import { plainBootstrap } from "./print.ts";
import { staticBootstrap } from "./static-bootstrap.ts";

/** The bootstrap as plain data; see `staticBootstrap`. */
export function renderMesh(mesh: Mesh): JsonValue {
  return plainBootstrap(staticBootstrap(translate(mesh, descriptorSet())));
}
