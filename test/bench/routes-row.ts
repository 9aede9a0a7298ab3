// The row of `make bench` about meshes with many routes.
import { large, largeMesh } from "./large-mesh.ts";
import { printTable } from "./report.ts";
import { type Save, saveToLive } from "./save-to-live.ts";
import { passThrough } from "./stages.ts";

/** Every stage in this process, then the whole way in a real mesh. */
export async function routesRow(): Promise<void> {
  const routes = large.agents * large.routesOfEach;
  const about = `${routes.toLocaleString("en")} routes of ${large.agents.toLocaleString("en")} agents`;
  const first = passThrough(largeMesh(large, 8443), undefined);
  const edits = [1, 2, 3].map((edit) => passThrough(largeMesh(large, 8443, edit), first.view));
  const rows = [...first.stages].map(([name, ms]) => [
    name,
    ms.toFixed(0),
    ...edits.map(({ stages }) => (stages.get(name) ?? 0).toFixed(0)),
  ]);
  const sums = [first, ...edits].map(({ stages }) => [...stages.values()].reduce((a, b) => a + b));
  printTable(`${about}: milliseconds in the control plane`, [
    ["", "at first", ...edits.map(() => "edited")],
    ...rows,
    ["sum", ...sums.map((sum) => sum.toFixed(0))],
    ["route table, MB", first.megabytes.toFixed(1)],
  ]);
  const live = await saveToLive(large, 3);
  printTable(`${about}: seconds from a save until calls obey it`, [
    ["", "seconds", "CPU control plane", "CPU Envoy"],
    ...live.saves.map(rowOf),
  ]);
  const { controlPlaneMegabytes, envoyMegabytes } = live;
  console.log(
    `  memory: control plane ${controlPlaneMegabytes.toFixed(0)} MB, Envoy ${envoyMegabytes.toFixed(0)} MB`,
  );
}

function rowOf({ what, seconds, controlPlaneCpu, envoyCpu }: Save): readonly string[] {
  return [what, seconds.toFixed(2), controlPlaneCpu.toFixed(2), envoyCpu.toFixed(2)];
}
