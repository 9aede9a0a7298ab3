// A mesh with the agents that a load scenario calls, for as long as it is used.
import { type Mesh, type MeshOptions, startMesh } from "../harness/mesh.ts";
import { attachAgents } from "./attach-agents.ts";

/** Starts a mesh and agents beside it, by their files in `test/agents/`; ends all once it was used. */
export async function withMesh<T>(
  options: MeshOptions,
  agents: readonly string[],
  use: (mesh: Mesh) => Promise<T>,
): Promise<T> {
  const mesh = await startMesh({ ...options, listed: agents });
  try {
    const attached = await attachAgents(mesh, agents);
    try {
      return await use(mesh);
    } finally {
      await attached.stop();
    }
  } finally {
    await mesh.stop();
  }
}
