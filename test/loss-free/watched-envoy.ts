// What Envoy and the control plane have counted of what must never happen while a mesh changes.
import { listAt, textAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";

/** Counts since the beginning. */
export interface Counts {
  /** Listeners that came, changed or went. */
  readonly listeners: number;
  /** What Envoy refused of what it was sent, of all types. */
  readonly refused: number;
  /** Responses that any node refused, sidecars too, since the control plane started. */
  readonly nacks: number;
  /** What nodes refuse at this moment: node, type and Envoy's words. */
  readonly refusing: readonly string[];
  /** Changes that took a gateway longer than this many seconds to answer. */
  readonly late: number;
}

/** A change that is told a gateway, until it has said that it has it; in seconds. */
export const answerWithinS = 5;

/** Reads them. Throws where a count is missing that there always is. */
export async function countsOf(mesh: Pick<Mesh, "admin" | "envoyAdmin">): Promise<Counts> {
  const [envoy, metrics, nodes] = await Promise.all([
    textOf(`${mesh.envoyAdmin}/stats`),
    textOf(`${mesh.admin}/metrics`),
    textOf(`${mesh.admin}/nodes`),
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
    nacks: [...metrics.matchAll(/^smartcall_xds_nacks_total\{.*\} (\d+)$/gm)]
      .map(([, count]) => Number(count))
      .reduce((sum, count) => sum + count, 0),
    refusing: refusingOf(JSON.parse(nodes)),
    late: bucket("\\+Inf") - bucket(`${answerWithinS}`),
  };
}

/** How many clusters a gateway has that it does not use yet: they wait for their endpoints. */
export async function warmingIn({ envoyAdmin }: Pick<Mesh, "envoyAdmin">): Promise<number> {
  const stats = await textOf(`${envoyAdmin}/stats?filter=^cluster_manager.warming_clusters$`);
  return sumOf(stats, /^cluster_manager\.warming_clusters: (\d+)$/gm);
}

/** Throws where no sidecar is among the nodes: then nothing is seen of theirs. */
function refusingOf(page: unknown): readonly string[] {
  const rows = listAt(page, "nodes").flatMap((row) =>
    listAt(row, "streams").map((stream) => ({ node: textAt(row, "node"), stream })),
  );
  if (!rows.some(({ stream }) => textAt(stream, "cluster").startsWith("agent/")))
    throw new Error(`no sidecar is among the nodes: ${JSON.stringify(page)}`);
  return rows.flatMap(({ node, stream }) =>
    types.flatMap((type) =>
      textAt(stream, "types", type, "state") === "NACKED"
        ? [`${node} ${type}: ${textAt(stream, "types", type, "lastError", "message")}`]
        : [],
    ),
  );
}

const types = ["cluster", "endpoint", "extension", "listener", "route", "secret"];

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

function sumOf(text: string, line: RegExp): number {
  const found = [...text.matchAll(line)].map(([, digits]) => Number(digits));
  if (found.length === 0) throw new Error(`nothing is counted as ${line.source}`);
  return found.reduce((sum, count) => sum + count);
}
