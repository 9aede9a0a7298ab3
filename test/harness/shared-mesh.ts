// The one mesh that all stories share which do not disturb each other.
import { type Mesh, startMesh } from "./mesh.ts";

let mesh: Promise<Mesh> | undefined;

/** Started once, when the first story asks for it; `echo` and `assistant` run in it. */
export function sharedMesh(): Promise<Mesh> {
  mesh ??= startMesh({
    services: ["echo", "assistant"],
    listed: ["absent", "guarded", "late", "slow", "ticker", "vip"],
    routes: ["{ name: gold-only, match: { agent: guarded, claims: { plan: [gold] } }, to: echo }"],
  });
  return mesh;
}

// Of no `describe`: it ends with the last story of all.
after("the shared mesh ends", async function () {
  this.timeout(30_000);
  await (await mesh)?.stop();
});
