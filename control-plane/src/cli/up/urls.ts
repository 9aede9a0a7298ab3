// Where callers on this machine reach the edge.

import type { MeshFile } from "../mesh-file.ts";

/** Such as `https://localhost:8443`: the edge's certificate names localhost. */
export function edgeUrl(mesh: MeshFile): string {
  return `https://localhost:${mesh.httpsPort}`;
}
