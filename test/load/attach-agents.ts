// Starts the agents of a load scenario beside its mesh, each with its sidecar.
import { parentVariable } from "@smartcall/runtime";
import { attachAgent } from "../harness/attach-agent.ts";
import { endGroup } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import type { Mesh } from "../harness/mesh.ts";
import { callRest } from "../harness/rest.ts";

/**
 * Starts them by their files in `test/agents/`, and waits until the mesh has an instance of each.
 * They end with this process too, as the mesh does, however it ends.
 */
export async function attachAgents(
  mesh: Mesh,
  names: readonly string[],
): Promise<{ stop(): Promise<void> }> {
  const children = names.map((name) => attachAgent({ ...mesh, env: endingWithUs(mesh.env) }, name));
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => endGroup(child)));
  };
  try {
    await Promise.all(names.map((name) => reached(mesh, name)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

/** A body without messages is refused by the agent itself, once there is one. */
async function reached(mesh: Mesh, name: string): Promise<void> {
  const token = await mesh.token();
  await eventually(async () => {
    const call = { path: `/v1/agents/${name}:invoke`, token, body: {} };
    const { status, text } = await callRest(mesh, call);
    if (status !== 400) throw new Error(`${name} is not reached: ${status} ${text}`);
  });
}

/** The environment of a process that is not to outlive this one. */
export function endingWithUs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, [parentVariable]: String(process.pid) };
}
