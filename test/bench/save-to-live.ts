// How long it takes from a save of mesh.yaml until a call is treated as it now says.
import { renameSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { eventually } from "../harness/eventually.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { processMarked } from "../harness/processes.ts";
import { asking, callRest } from "../harness/rest.ts";
import { agentName, largeMesh, type MeshSize } from "./large-mesh.ts";
import { cpuSeconds, residentMegabytes } from "./process-cost.ts";

/** What one save took. */
export interface Save {
  readonly what: string;
  readonly seconds: number;
  readonly controlPlaneCpu: number;
  readonly envoyCpu: number;
}

/** Saves, and the memory that the two processes hold at the end, in MB. */
export interface Saves {
  readonly saves: readonly Save[];
  readonly controlPlaneMegabytes: number;
  readonly envoyMegabytes: number;
}

/** Saves a large file over a small one, then edits one route of it a few times. */
export async function saveToLive(size: MeshSize, edits: number): Promise<Saves> {
  const mesh = await startMesh();
  try {
    return await measure(mesh, size, edits);
  } finally {
    await mesh.stop();
  }
}

async function measure(mesh: Mesh, size: MeshSize, edits: number): Promise<Saves> {
  const agent = new Agent({ keepAlive: true, ca: mesh.ca });
  const token = await mesh.token();
  const last = `/v1/agents/${agentName(size.agents - 1)}:invoke`;
  const headers = { "x-variant": `v${size.routesOfEach - 1}` };
  const said = async (): Promise<string> =>
    (await callRest(mesh, { path: last, token, body: asking("hello"), headers, agent })).text;
  const controlPlane = processMarked(mesh.mark, /control-plane\/dist\/(bundle\/)?main\.js/);
  const envoy = processMarked(mesh.mark, /envoy.*--config-path/);
  const save = async (what: string, number: number, sign: string): Promise<Save> => {
    const text = largeMesh(size, mesh.port, number);
    const before = [cpuSeconds(controlPlane), cpuSeconds(envoy)] as const;
    const begin = performance.now();
    // As most editors save.
    writeFileSync(`${mesh.meshFile}.saved`, text);
    renameSync(`${mesh.meshFile}.saved`, mesh.meshFile);
    await eventually(
      async () => {
        const text = await said();
        if (!text.includes(sign)) throw new Error(`not live yet: ${text}\n${mesh.up.output()}`);
      },
      { withinMs: 120_000, everyMs: 10 },
    );
    return {
      what,
      seconds: (performance.now() - begin) / 1000,
      controlPlaneCpu: cpuSeconds(controlPlane) - before[0],
      envoyCpu: cpuSeconds(envoy) - before[1],
    };
  };
  const saves = [await save("all of it, over a small mesh", 0, "AGENT_UNAVAILABLE")];
  for (let edit = 1; edit <= edits; edit++) {
    saves.push(await save("one route changed", edit, `edit-${edit}`));
  }
  agent.destroy();
  return {
    saves,
    controlPlaneMegabytes: residentMegabytes(controlPlane),
    envoyMegabytes: residentMegabytes(envoy),
  };
}
