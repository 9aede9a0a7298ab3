// Envoy's own counters.
import type { Mesh } from "./mesh.ts";

/** The value of one counter or gauge. Throws where Envoy has none of that name. */
export function envoyStat({ envoyAdmin }: Pick<Mesh, "envoyAdmin">, name: string): Promise<number> {
  return statBy(async (path) => (await fetch(`${envoyAdmin}${path}`)).text(), name);
}

/**
 * The same of an Envoy whose admin is no address.
 *
 * @param admin a page of it, by its path
 */
export async function statBy(
  admin: (path: string) => Promise<string>,
  name: string,
): Promise<number> {
  const exactly = `^${name.replaceAll(".", "\\.")}`;
  const text = await admin(`/stats?filter=${encodeURIComponent(`${exactly}$`)}`);
  const value = new RegExp(`${exactly}: (\\d+)$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`Envoy has no ${name}: ${text}`);
  return Number(value);
}
