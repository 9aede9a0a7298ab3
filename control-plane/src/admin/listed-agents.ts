// The agents that a mesh lists, and what its files say of their instances.

import type { MeshConfig } from "../config/index.ts";

/** One listed agent. Ready to be written as JSON. */
export interface ListedAgent {
  readonly agent: string;
  /** Where the operator says that instances are, beside those that register themselves. */
  readonly addresses: readonly ListedAddress[];
  /** The agents that it may call, sorted. */
  readonly calls: readonly string[];
  /** Whether only other agents reach it. */
  readonly hidden: boolean;
}

/** What the operator wrote, such as `10.0.0.5:50051`. */
export interface ListedAddress {
  readonly from: "static" | "dns";
  readonly address: string;
}

/** The agents, sorted by name. */
export function listedAgents(config: MeshConfig): readonly ListedAgent[] {
  return [...config.agents]
    .map(([agent, { value }]): ListedAgent => {
      const { dns, static: listed = [] } = value.instances ?? {};
      return {
        agent,
        addresses: [
          ...listed.map(({ value: { text } }) => ({ from: "static" as const, address: text })),
          ...(dns === undefined
            ? []
            : [{ from: "dns" as const, address: `${dns.value.host}:${dns.value.port}` }]),
        ],
        calls: (value.calls ?? []).map((call) => call.value).sort(),
        hidden: value.expose?.value === false,
      };
    })
    .sort((a, b) => (a.agent < b.agent ? -1 : 1));
}
