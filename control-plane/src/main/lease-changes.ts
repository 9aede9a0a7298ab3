// Tells gateways of leases: of several that begin or end together, once.

import { steadyClock } from "@smartcall/runtime";
import type { Metrics } from "../admin/index.ts";
import type { Serving } from "../rollout/index.ts";
import { createGathered, type Gathered } from "../source/gathered.ts";
import type { InstanceView } from "../source/leases/index.ts";
import type { Started } from "./start.ts";

/**
 * Gathers the changes of leases until the process ends.
 *
 * @param present what there is when they are told
 */
export function openLeaseChanges(
  { closing }: Pick<Started, "closing">,
  metrics: Pick<Metrics, "leases">,
  present: () => {
    readonly agents: readonly InstanceView[];
    readonly serving: Serving | undefined;
  },
): Gathered {
  const gathered = createGathered(steadyClock, () => {
    const { agents, serving } = present();
    metrics.leases(agents.filter(({ lease }) => lease === "held").length);
    serving?.refresh("lease");
  });
  closing(() => gathered.close());
  return gathered;
}
