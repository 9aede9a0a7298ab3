// What Envoy and the control plane have counted of what must never happen while a mesh changes.
import type { Mesh } from "../harness/mesh.ts";

/** Counts since the beginning. */
export interface Counts {
  /** Listeners that came, changed or went. */
  readonly listeners: number;
  /** What Envoy refused of what it was sent, of all types. */
  readonly refused: number;
  /** Changes that took a gateway longer than this many seconds to answer. */
  readonly late: number;
}

/** A change that is told a gateway, until it has said that it has it; in seconds. */
export const answerWithinS = 5;

/** Reads them. Throws where a count is missing that there always is. */
export async function countsOf(mesh: Pick<Mesh, "admin" | "envoyAdmin">): Promise<Counts> {
  const [envoy, metrics] = await Promise.all([
    textOf(`${mesh.envoyAdmin}/stats`),
    textOf(`${mesh.admin}/metrics`),
  ]);
  const stat = (name: string): number => sumOf(envoy, new RegExp(`^${name}: (\\d+)$`, "gm"));
  const bucket = (le: string): number =>
    sumOf(
      metrics,
      new RegExp(`^smartcall_xds_convergence_seconds_bucket\\{le="${le}"\\} (\\d+)$`, "gm"),
    );
  return {
    listeners: ["added", "modified", "removed"]
      .map((what) => stat(`listener_manager\\.listener_${what}`))
      .reduce((sum, count) => sum + count),
    refused: stat("[^:]*update_rejected"),
    late: bucket("\\+Inf") - bucket(`${answerWithinS}`),
  };
}

/** How many clusters a gateway has that it does not use yet: they wait for their endpoints. */
export async function warmingIn({ envoyAdmin }: Pick<Mesh, "envoyAdmin">): Promise<number> {
  const stats = await textOf(`${envoyAdmin}/stats?filter=^cluster_manager.warming_clusters$`);
  return sumOf(stats, /^cluster_manager\.warming_clusters: (\d+)$/gm);
}

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

function sumOf(text: string, line: RegExp): number {
  const found = [...text.matchAll(line)].map(([, digits]) => Number(digits));
  if (found.length === 0) throw new Error(`nothing is counted as ${line.source}`);
  return found.reduce((sum, count) => sum + count);
}
