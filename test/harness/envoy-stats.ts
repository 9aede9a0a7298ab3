// Envoy's own counters.
import type { Mesh } from "./mesh.ts";

/** The value of one counter or gauge. Throws where Envoy has none of that name. */
export async function envoyStat(mesh: Mesh, name: string): Promise<number> {
  const filter = encodeURIComponent(`^${name.replaceAll(".", "\\.")}$`);
  const response = await fetch(`${mesh.envoyAdmin}/stats?filter=${filter}`);
  const text = await response.text();
  const value = new RegExp(`^${name.replaceAll(".", "\\.")}: (\\d+)$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`Envoy has no ${name}: ${text}`);
  return Number(value);
}
