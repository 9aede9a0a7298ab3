// The one mesh that all stories share which do not disturb each other.
import { type Mesh, startMesh } from "./mesh.ts";

let mesh: Promise<Mesh> | undefined;

/** Started once, when the first story asks for it; `echo` and `assistant` run in it. */
export function sharedMesh(): Promise<Mesh> {
  mesh ??= startMesh({
    services: ["echo", "assistant"],
    listed: ["absent", "guarded", "ticker"],
    routes: ["{ name: gold-only, match: { agent: guarded, claims: { plan: [gold] } }, to: echo }"],
  });
  return mesh;
}

/** Ends it, where it was started. */
export async function endSharedMesh(): Promise<void> {
  await (await mesh)?.stop();
}
