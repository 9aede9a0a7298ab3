// The agents that a mesh lists, and where their instances come from.

import type { MeshConfig } from "../config/index.ts";

/** One listed agent. Ready to be written as JSON. */
export interface ListedAgent {
  readonly agent: string;
  /** `lease`: its instances register themselves; else the operator says where they are. */
  readonly instances: "lease" | "static" | "dns";
  /** What the operator wrote, such as `10.0.0.5:50051`. Empty where they come by lease. */
  readonly addresses: readonly string[];
}

/** The agents, sorted by name. */
export function listedAgents(config: MeshConfig): readonly ListedAgent[] {
  return [...config.agents]
    .map(
      ([
        agent,
        {
          value: { instances },
        },
      ]): ListedAgent => {
        if (instances?.dns !== undefined) {
          const { host, port } = instances.dns.value;
          return { agent, instances: "dns", addresses: [`${host}:${port}`] };
        }
        const addresses = instances?.static?.map(({ value }) => value.text);
        return addresses === undefined
          ? { agent, instances: "lease", addresses: [] }
          : { agent, instances: "static", addresses };
      },
    )
    .sort((a, b) => (a.agent < b.agent ? -1 : 1));
}
