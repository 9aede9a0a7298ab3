// What a control plane begins with: what gateways took last, and the files where they say something else.

import { type Found, type MeshConfig, restore } from "../config/index.ts";
import type { LastGood, LastRefused } from "../state/index.ts";
import { hashOfVersion } from "./version.ts";

/** What a control plane begins with. */
export interface Beginning {
  /** What gateways are given at once. */
  readonly served: Found;
  /** What the files say, where that is another version: a change like any other. */
  readonly change?: Found;
  /** Why gateways refused that very version before; then it is not tried again by itself. */
  readonly refused?: LastRefused;
  /** Of both. */
  readonly configs: readonly MeshConfig[];
}

/** Works out the beginning from what the files say, and what an earlier control plane kept. */
export async function beginningOf(
  found: Found,
  lastGood: LastGood | undefined,
  lastRefused: LastRefused | undefined,
  now: Date,
): Promise<Beginning> {
  const refused = lastRefused?.hash === hashOfVersion(found) ? { refused: lastRefused } : {};
  const { config } = found;
  if (found.from.hash === lastGood?.hash) return { served: found, configs: [config] };
  const good = await restore(lastGood, now);
  // Without anything older there is nothing to serve but what the files say.
  if (good === undefined) return { served: found, ...refused, configs: [config] };
  return { served: good, change: found, ...refused, configs: [good.config, config] };
}
