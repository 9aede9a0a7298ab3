// What callers need to know of the edge: where it listens, and what it proves itself with.

import { resolve } from "node:path";
import type { ServedEdge } from "@smartcall/runtime";
import { keyPairPaths } from "./file-diagnostics.ts";
import type { MeshConfig } from "./mesh-config.ts";

/** The edge that a mesh describes. */
export function servedEdge({ mesh, gateway }: MeshConfig): ServedEdge {
  const { port, certificate } = gateway.https;
  const address = gateway.https.address.value;
  return {
    mesh,
    address,
    port,
    ...(certificate.kind === "files" && {
      certificate: resolve(keyPairPaths(certificate).certificate),
    }),
  };
}
