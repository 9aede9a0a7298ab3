// Starts one more agent beside a running mesh, as its author would.
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "./child.ts";
import { eventually } from "./eventually.ts";
import type { Mesh } from "./mesh.ts";
import { asking, callRest } from "./rest.ts";

/** Starts `test/agents/<name>.ts`; it finds the mesh by its state folder. */
export function attachAgent(mesh: Mesh, name: string): Child {
  const program = fileURLToPath(new URL(`../agents/${name}.js`, import.meta.url));
  return startChild(process.execPath, [program], { cwd: mesh.folder, env: mesh.env });
}

/** Waits until a call of the agent through the edge succeeds. */
export async function callable(mesh: Mesh, name: string, text: string): Promise<void> {
  const token = await mesh.token();
  await eventually(async () => {
    const call = { path: `/v1/agents/${name}:invoke`, token, body: asking(text) };
    const { status, text: answer } = await callRest(mesh, call);
    if (status !== 200) throw new Error(`${name} is not callable: ${status} ${answer}`);
  });
}
